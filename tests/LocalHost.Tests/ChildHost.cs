using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>This program as a function app in a process of its own, which a test may kill.</summary>
internal sealed class ChildHost : IDisposable
{
    public const string Switch = "--function-app";

    private readonly Process process;

    private ChildHost(Process process, Uri address)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>What the child process runs.</summary>
    public static int Run(string[] args)
    {
        var builder = new FunctionsApplicationBuilder(args, [typeof(FanOut)]);
        builder.ConfigureFunctionsWebApplication().Build().Run();
        return 0;
    }

    public static async Task<ChildHost> StartAsync(params string[] settings)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Switch, "--LocalHost:Port=0", .. settings.Select(s => "--" + s)])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        const string Sign = "Now listening on: ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(Sign, StringComparison.Ordinal) is >= 0 and var index)
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new ChildHost(process, new Uri(line[(index + Sign.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException("The function app did not start.");
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return process.ExitCode;
    }

    public void Dispose()
    {
        Http.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
