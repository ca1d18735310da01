using System.Diagnostics;

namespace IntegrationPoints.Cli.Api;

/// <summary>
/// Tokens from a command of the user's, such as <c>az account get-access-token …</c>: what it writes to standard output. It runs when a token is first
/// needed, and again when the app does not take the token any more: a command of ip may wait for hours, and tokens end after one.
/// </summary>
internal sealed class TokenCommand(string command) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private string? _token;

    /// <summary>A token; another than the one that was refused, where one was.</summary>
    /// <exception cref="CommandException">The command failed, or wrote no token.</exception>
    public async Task<string> TokenAsync(string? refused, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Of requests at the same time, the first renews it for all.
            return _token is { } known && known != refused ? known : _token = await RunAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe") { Arguments = $"/d /s /c \"{command}\"" } : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var token = (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new CommandException($"The command in IP_TOKEN_COMMAND ended with exit code {process.ExitCode}. Run it by itself to see why; signing in again (az login) may be what it needs.");
            if (token.Length == 0 || token.Any(c => c is <= ' ' or > '~')) throw new CommandException("The command in IP_TOKEN_COMMAND did not write one token and nothing else. With az, add --query accessToken --output tsv.");
            return token;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
