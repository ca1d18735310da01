using IntegrationPoints.Cli.Dev;

namespace IntegrationPoints.Cli.Tests;

/// <summary>Processes in the background: they outlive the command, and only our own are ever stopped.</summary>
public sealed class OwnProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_runs_with_its_output_in_a_file_and_ends_when_asked()
    {
        var process = await StartAsync("""
            process.on('SIGTERM', () => { console.log('asked'); process.exit(); });
            console.log(process.env.GREETING);
            setInterval(() => {}, 1000);
            """);
        Assert.True(process.IsAlive);
        await SaysAsync("hello");
        Assert.True(await process.StopAsync(Patience));
        Assert.False(process.IsAlive);
        await SaysAsync("asked");
    }

    [Fact]
    public async Task It_is_killed_when_it_does_not_end()
    {
        var process = await StartAsync("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000);");
        await SaysAsync("deaf");
        Assert.False(await process.StopAsync(TimeSpan.FromMilliseconds(200)));
        Assert.False(process.IsAlive);
    }

    [Fact]
    public async Task A_process_that_got_the_number_later_is_not_ours()
    {
        var process = await StartAsync("setInterval(() => {}, 1000);");
        var former = process with { StartedUtc = process.StartedUtc.AddHours(-1) };
        Assert.False(former.IsAlive);
        Assert.True(await former.StopAsync(Patience));
        Assert.True(process.IsAlive);
        await process.StopAsync(Patience);
    }

    [Fact]
    public async Task What_has_ended_counts_as_stopped()
    {
        var process = await StartAsync("setInterval(() => {}, 1000);");
        await process.StopAsync(Patience);
        Assert.True(await process.StopAsync(Patience));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_so()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(() => OwnProcess.StartAsync(
            _folder["nowhere"], [], _folder.Path, _folder["log"], new Dictionary<string, string>(), Cancel));
        Assert.Contains("could not be started", failure.Message, StringComparison.Ordinal);
    }

    private Task<OwnProcess> StartAsync(string script) => OwnProcess.StartAsync(
        "node", ["-e", script], _folder.Path, _folder["log"], new Dictionary<string, string> { ["GREETING"] = "hello" }, Cancel);

    private async Task SaysAsync(string word)
    {
        while (!(await LogFile.ReadAsync(_folder["log"], Cancel)).Contains(word, StringComparison.Ordinal))
            await Task.Delay(20, Cancel);
    }
}
