using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Storage.Tests.Secrets;

/// <summary>What both stores of secrets do alike (design, Security: secrets are stored by name).</summary>
public abstract class SecretStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A store on what the test has; each call is another process.</summary>
    protected abstract ISecrets Open();

    [Theory]
    [InlineData("open sesame")]
    [InlineData("")]
    [InlineData("käse \"\\ \n\r\t 日本 😀 = & %2F")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n")]
    public async Task What_is_kept_is_handed_out_as_it_was(string value)
    {
        await Open().SetAsync("case-1a2b--password-1", value, Stop);
        Assert.Equal(value, await Open().GetAsync("case-1a2b--password-1", Stop));
    }

    [Fact]
    public async Task A_large_one_is_kept_whole()
    {
        var large = new string('k', 20 * 1024);
        await Open().SetAsync("a--key", large, Stop);
        Assert.Equal(large, await Open().GetAsync("a--key", Stop));
    }

    [Fact]
    public async Task One_is_put_in_the_place_of_another()
    {
        var secrets = Open();
        await secrets.SetAsync("a--b", "first", Stop);
        await secrets.SetAsync("a--b", "second", Stop);
        await secrets.SetAsync("a--b", "second", Stop);
        Assert.Equal("second", await Open().GetAsync("a--b", Stop));
        Assert.Equal(["a--b"], await secrets.NamesAsync(Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task One_that_is_not_there_is_null()
    {
        Assert.Null(await Open().GetAsync("a--b", Stop));
        Assert.Empty(await Open().NamesAsync(Stop).ToListAsync(Stop));
        await Open().SetAsync("a--b", "value", Stop);
        Assert.Null(await Open().GetAsync("a--c", Stop));
        Assert.Null(await Open().GetAsync("b", Stop));
    }

    [Fact]
    public async Task What_is_forgotten_is_gone_also_twice_and_its_name_can_be_taken_again()
    {
        var secrets = Open();
        await secrets.DeleteAsync("a--b", Stop);
        await secrets.SetAsync("a--b", "value", Stop);
        await secrets.SetAsync("a--c", "other", Stop);
        await secrets.DeleteAsync("a--b", Stop);
        await secrets.DeleteAsync("a--b", Stop);
        Assert.Null(await Open().GetAsync("a--b", Stop));
        Assert.Equal("other", await Open().GetAsync("a--c", Stop));
        await secrets.SetAsync("a--b", "again", Stop);
        Assert.Equal("again", await Open().GetAsync("a--b", Stop));
    }

    [Fact]
    public async Task All_names_are_listed()
    {
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"case-1a2b--password-{i}")];
        foreach (var name in names) await Open().SetAsync(name, name, Stop);
        await Open().DeleteAsync(names[3], Stop);
        Assert.Equal(names.Where(n => n != names[3]), (await Open().NamesAsync(Stop).ToListAsync(Stop)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Several_processes_keep_secrets_at_once()
    {
        var names = Enumerable.Range(0, 24).Select(i => $"a--password-{i}").ToList();
        await Task.WhenAll(names.Select(name => Task.Run(() => Open().SetAsync(name, $"value of {name}", Stop), Stop)));
        var reader = Open();
        foreach (var name in names) Assert.Equal($"value of {name}", await reader.GetAsync(name, Stop));
    }

    [Fact]
    public async Task A_process_that_has_read_before_sees_what_another_keeps_later()
    {
        var (one, other) = (Open(), Open());
        Assert.Null(await one.GetAsync("a--b", Stop));
        await other.SetAsync("a--b", "value", Stop);
        Assert.Equal("value", await one.GetAsync("a--b", Stop));
    }
}
