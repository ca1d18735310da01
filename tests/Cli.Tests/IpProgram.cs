using System.Diagnostics;

namespace IntegrationPoints.Cli.Tests;

/// <summary>What a run of the program left.</summary>
internal sealed record IpRun(int ExitCode, string Out, string Error);

/// <summary>Runs <c>ip</c> as users do: as a process.</summary>
internal static class IpProgram
{
    public static Task<IpRun> RunAsync(string[] arguments, string? folder = null, params (string Name, string Value)[] environment)
        => RunAsync(arguments, "", folder, environment);

    /// <summary>Runs it with a standard input.</summary>
    public static async Task<IpRun> RunAsync(string[] arguments, string input, string? folder, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ip.dll"), .. arguments])
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in (string[])["IP_URL", "IP_TOKEN_COMMAND", "IP_TOKEN", "IP_API_KEY", "IP_SIGNING_KEY_FILE"]) start.Environment.Remove(variable);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        // Most commands end without reading it.
        if (input.Length > 0) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        // To the end of the stream: a server that inherited it would hold the test here.
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new IpRun(process.ExitCode, output, await error);
    }
}
