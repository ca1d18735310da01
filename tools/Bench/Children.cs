using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IntegrationPoints.Bench;

/// <summary>The programs that this one starts and stops.</summary>
internal static partial class Children
{
    private const int SigTerm = 15;

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Starts a program; whoever starts it reads its output.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Keeps the rest of a program's output in a file: pipes that nobody reads would fill up and stop it.</summary>
    public static void Drain(Process process, string log)
    {
        var file = TextWriter.Synchronized(new StreamWriter(new FileStream(log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => file.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => file.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The processor time that a running program has used.</summary>
    public static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>Asks a program to end, and ends it when it does not.</summary>
    public static async Task StopAsync(Process process, TimeSpan patience)
    {
        using (process)
        {
            if (process.HasExited) return;
            if (OperatingSystem.IsWindows() || Kill(process.Id, SigTerm) != 0) process.Kill(entireProcessTree: true);
            using var limit = new CancellationTokenSource(patience);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Serverless.sln"))) return folder;
        throw new InvalidOperationException($"There is no Serverless.sln above {AppContext.BaseDirectory}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
