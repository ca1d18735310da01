using System.Text.Json;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Points;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Triggers;

/// <summary>The body of a request that saves an integration point or a profile.</summary>
internal static class PointBody
{
    /// <summary>The members that are not the caller's to set.</summary>
    public const string ReadOnly = "id,workspace,savedBy,notes";

    private static readonly string[] NotTheirs = ReadOnly.Split(',');

    /// <summary>What is to be made.</summary>
    /// <exception cref="RefusedException">The body is wrong.</exception>
    public static Task<IntegrationPoint> NewAsync(HttpRequest request, string workspace, string savedBy, CancellationToken cancellationToken)
    {
        var origin = new IntegrationPoint
        {
            Id = "",
            Name = "",
            Workspace = workspace,
            SavedBy = savedBy,
            Source = new ProviderSettings("", JsonSerializer.SerializeToElement<object?>(null)),
        };
        return ChangedAsync(request, origin, cancellationToken);
    }

    /// <summary>What becomes of one that is there.</summary>
    /// <exception cref="RefusedException">The body is wrong.</exception>
    public static Task<IntegrationPoint> ChangedAsync(HttpRequest request, IntegrationPoint before, CancellationToken cancellationToken)
        => JsonBody.ReadAsync(request, before, NotTheirs, ScheduleText.Rewrite, cancellationToken);
}
