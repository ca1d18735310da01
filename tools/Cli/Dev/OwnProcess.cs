using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Cli.Dev;

/// <summary>A process that this program started, known by its number and by when it began: the system gives numbers out again.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartedUtc">When it began.</param>
internal sealed partial record OwnProcess(int Pid, DateTime StartedUtc)
{
    private const int SigTerm = 15;

    // The system counts from its start, and the clock may have been set meanwhile; two processes of one number are far further apart.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>This process.</summary>
    public static OwnProcess Current
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return new OwnProcess(process.Id, process.StartTime.ToUniversalTime());
        }
    }

    /// <summary>Whether it still runs.</summary>
    [JsonIgnore]
    public bool IsAlive
    {
        get
        {
            using var process = Find();
            return process is not null;
        }
    }

    /// <summary>The running process of this number.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static OwnProcess Of(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return new OwnProcess(pid, process.StartTime.ToUniversalTime());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            throw new CommandException($"Process {pid} ended as soon as it was started.");
        }
    }

    /// <summary>Starts a program that outlives this one: in a session of its own, without our standard streams, its output in a file.</summary>
    /// <exception cref="CommandException">It cannot be started.</exception>
    public static async Task<OwnProcess> StartAsync(
        string program, IReadOnlyList<string> arguments, string folder, string log, IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        // Node starts it, for node can do on every system what .NET cannot: a session of its own and no inherited handles.
        const string Script = """
            const [log, program, ...rest] = process.argv.slice(1);
            const out = require('fs').openSync(log, 'w');
            const child = require('child_process').spawn(program, rest, { detached: true, stdio: ['ignore', out, out], windowsHide: true });
            child.on('error', e => { console.error(e.message); process.exit(1); });
            child.on('spawn', () => { console.log(child.pid); child.unref(); });
            """;
        var result = await Tool.RunAsync("node", ["-e", Script, "--", log, program, .. arguments], folder, environment, cancellationToken);
        if (result.ExitCode == 0 && int.TryParse(result.Output.Trim(), out var pid)) return Of(pid);
        throw new CommandException($"{program} could not be started: {result.Output.Trim()}");
    }

    /// <summary>Asks it to end, waits, and ends it when it does not.</summary>
    /// <returns>Whether it ended by itself, or had ended before.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        using var process = Find();
        if (process is null) return true;
        if (OperatingSystem.IsWindows() || Kill(Pid, SigTerm) != 0) process.Kill();
        if (await WaitAsync(patience)) return true;
        using var still = Find();
        still?.Kill();
        await WaitAsync(TimeSpan.FromSeconds(10));
        return false;
    }

    // Not Process.WaitForExit: for a process that is nobody's child here it reports late.
    private async Task<bool> WaitAsync(TimeSpan patience)
    {
        for (var waited = Stopwatch.StartNew(); IsAlive;)
        {
            if (waited.Elapsed > patience) return false;
            await Task.Delay(50);
        }
        return true;
    }

    private Process? Find()
    {
        Process? process = null;
        try
        {
            process = Process.GetProcessById(Pid);
            var apart = (process.StartTime.ToUniversalTime() - StartedUtc).Duration();
            if (!process.HasExited && apart < Tolerance && !IsZombie()) return process;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended: before the look, or while we looked.
        }
        process?.Dispose();
        return null;
    }

    // In a container without an init process the dead keep their number.
    private bool IsZombie()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var stat = File.ReadAllText($"/proc/{Pid}/stat");
            return stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart().StartsWith("Z");
        }
        catch (IOException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
