using System.Text.Json;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Triggers;

/// <summary>What somebody wants to save as an integration point or a profile.</summary>
/// <param name="Point">It; members that could not be read are those of before.</param>
/// <param name="Wrong">What could not be read, each with its member.</param>
internal sealed record SentPoint(IntegrationPoint Point, IReadOnlyList<Problem> Wrong);

/// <summary>The body of a request that saves an integration point or a profile.</summary>
internal static class PointBody
{
    /// <summary>The members that are not the caller's to set.</summary>
    public const string ReadOnly = "id,workspace,savedBy,notes";

    private static readonly string[] NotTheirs = ReadOnly.Split(',');

    /// <summary>What is to be made.</summary>
    /// <exception cref="RefusedException">The body is no JSON object.</exception>
    public static Task<SentPoint> NewAsync(HttpRequest request, string workspace, string savedBy, CancellationToken cancellationToken)
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
    /// <exception cref="RefusedException">The body is no JSON object.</exception>
    public static async Task<SentPoint> ChangedAsync(HttpRequest request, IntegrationPoint before, CancellationToken cancellationToken)
    {
        var wrong = new List<Problem>();
        return new SentPoint(await JsonBody.ReadAsync(request, before, NotTheirs, ScheduleText.Rewrite, wrong, cancellationToken), wrong);
    }
}
