using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>Secrets that a test knows, of whatever workspace.</summary>
internal sealed class KnownSecrets : Dictionary<string, string>, ISecrets
{
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult(this.GetValueOrDefault(name[(name.LastIndexOf("--", StringComparison.Ordinal) + 2)..]));

    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        this[name] = value;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Remove(name);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<string> NamesAsync(CancellationToken cancellationToken) => Keys.ToAsyncEnumerable();
}

/// <summary>What tests ask of servers.</summary>
internal static class Asked
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The text of a file.</summary>
    public static async Task<string> TextAsync(this FileServers servers, CsvSettings settings)
    {
        await using var server = await servers.SignInAsync(settings, Stop);
        using var content = new MemoryStream();
        await server.CopyAsync(settings.Path, content, long.MaxValue, Stop);
        return System.Text.Encoding.UTF8.GetString(content.ToArray());
    }

    /// <summary>Why a file cannot be had.</summary>
    public static async Task<ServerException> RefusalAsync(this FileServers servers, CsvSettings settings)
    {
        var refusal = await Assert.ThrowsAsync<ServerException>(() => servers.TextAsync(settings));
        // Every message names the server.
        Assert.Contains(settings.Host, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{settings.Port}", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }
}
