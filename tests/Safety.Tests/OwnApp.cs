using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>An app of one class's own, whose instance settings its attacks may change.</summary>
public sealed class OwnApp(Servers servers) : IAsyncLifetime
{
    internal AppProcess App { get; private set; } = null!;

    internal Api Api => new(App, "");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => App = await servers.NewAppAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    /// <summary>Sets an instance setting; answers with what is wrong with the value.</summary>
    internal async Task<Reply> SetAsync(string name, string value) => await Api.CallAsync("PUT", $"settings/{name}", System.Text.Json.JsonSerializer.Serialize(new { value }));
}
