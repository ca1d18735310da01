using System.Collections.Frozen;

namespace IntegrationPoints.App.Access;

/// <summary>The only routes that answer whoever asks: whoever watches over the app asks them, and they tell nothing else.</summary>
internal static class OpenRoutes
{
    /// <summary>The routes below <c>/api</c>.</summary>
    public static readonly FrozenSet<string> All = FrozenSet.Create("health", "health/live", "health/ready");
}
