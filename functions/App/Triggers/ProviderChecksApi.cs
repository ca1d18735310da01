using System.Text.Json;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Settings of a provider that are to be tried before an integration point is saved with them.</summary>
/// <param name="Settings">The provider's own settings, as integration points have them.</param>
/// <param name="IntegrationPoint">The integration point whose settings these are, changed or not, so that its secrets can be named; null: none.</param>
public sealed record ProviderTrial(JsonElement Settings, string? IntegrationPoint = null);

/// <summary>What became of a trial: the source was reached and can be read.</summary>
/// <param name="Name">What the source is called in messages.</param>
/// <param name="Fields">How many fields it has.</param>
/// <param name="Found">What was found on the way: <c>path</c>, the file that dates in a name meant, or a directory's path, whose <c>base</c> is where it begins; <c>hostKey</c>, the server's fingerprint.</param>
/// <param name="Warnings">What is worth knowing.</param>
public sealed record ProviderCheckView(string Name, int Fields, IReadOnlyDictionary<string, string> Found, IReadOnlyList<ProblemEntry> Warnings);

/// <summary>A field of a source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsIdentifier">Whether the source says that it names records.</param>
/// <param name="Type">What it holds; null: text of any kind.</param>
/// <param name="Length">The most characters of a fixed-length text; null: not known.</param>
public sealed record SourceFieldView(string Name, bool IsIdentifier, FieldType? Type, int? Length);

/// <summary>Connections and fields of sources, tried with settings that need not be saved.</summary>
public sealed class ProviderChecksApi(Existing existing, SourceTrials trials, AccessCheck access)
{
    private const string Route = "workspaces/{workspace}/providers/{provider}/";

    /// <summary>Connects, signs in and looks.</summary>
    [Function(nameof(CheckProvider))]
    [Needs(Operation.TrySource)]
    [Operation("Tries settings of a provider: connects, signs in, and finds what is to be read. What is wrong is answered as a problem.", Body = typeof(ProviderTrial), Answer = typeof(ProviderCheckView))]
    public async Task<IActionResult> CheckProvider(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route + "check")] HttpRequest request,
        string workspace, string provider, CancellationToken cancellationToken)
    {
        var layout = await LookAsync(request, workspace, provider, cancellationToken);
        return Answer.Ok(new ProviderCheckView(layout.Name, layout.Fields.Count, layout.Found, [.. layout.Warnings.Select(ProblemEntry.Of)]));
    }

    /// <summary>Lists the fields.</summary>
    [Function(nameof(ListProviderFields))]
    [Needs(Operation.TrySource)]
    [Operation("The fields that a source has with these settings, to be mapped.", Body = typeof(ProviderTrial), Answer = typeof(Listing<SourceFieldView>))]
    public async Task<IActionResult> ListProviderFields(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route + "fields")] HttpRequest request,
        string workspace, string provider, CancellationToken cancellationToken)
    {
        var layout = await LookAsync(request, workspace, provider, cancellationToken);
        return Answer.Ok(new Listing<SourceFieldView>([.. layout.Fields.Select(f => new SourceFieldView(f.Name, f.IsIdentifier, f.Type, f.Length))]));
    }

    private async Task<SourceLayout> LookAsync(HttpRequest request, string workspace, string provider, CancellationToken cancellationToken)
    {
        var read = new Lazy<Task<ProviderTrial>>(() => JsonBody.ReadAsync<ProviderTrial>(request, cancellationToken));
        trials.Foresee(workspace, async () => (new ProviderSettings(provider, (await read.Value).Settings), (await read.Value).IntegrationPoint is not null), cancellationToken);
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var trial = await read.Value;
        // Its secrets are used, with other settings than it has.
        if (trial.IntegrationPoint is not null) await access.RequireAlsoAsync(workspace, Operation.EditPoint, target: null, cancellationToken);
        var saved = trial.IntegrationPoint is { } id ? (await existing.PointAsync(workspace, id, cancellationToken)).Value.Source : null;
        return await trials.LookAsync(request.Audit(), workspace, new ProviderSettings(provider, trial.Settings), saved, cancellationToken);
    }
}
