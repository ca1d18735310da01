using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>The target of attacks that leave it as it is, or only put more into it; made when first asked for.</summary>
internal static class SharedTarget
{
    private static readonly Lock Turn = new();
    private static Task<Target>? target;

    public static Task<Target> Async(Servers servers)
    {
        lock (Turn) return target ??= MakeAsync(servers);
    }

    private static async Task<Target> MakeAsync(Servers servers) => await Target.NewAsync(await servers.AppAsync());
}
