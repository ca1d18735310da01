using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Checks;

/// <summary>Makes a check of what was asked for, when the workspace may read all that it names.</summary>
public sealed class CheckRequests(StagingPaths staging, InstanceSettings instance, TimeProvider time, AccessCheck access)
{
    private const int LongestFolder = 1024;

    /// <summary>The check, to be stored when it starts.</summary>
    /// <exception cref="RefusedException">403; 400: a path that the workspace may not read.</exception>
    public async Task<Check> FreezeAsync(IntegrationPoint point, CheckOptions options, string caller, string? idempotencyKey, CancellationToken cancellationToken)
    {
        await access.RequireAsync(point, cancellationToken);
        var problems = new List<Problem>();
        var check = new Check
        {
            Job = new Job
            {
                Id = JobIds.ForCheck(caller, point.Workspace, point.Id, idempotencyKey),
                Point = point,
                Trigger = "check",
                StartedBy = caller,
                Instance = await instance.ForImportAsync(cancellationToken),
                StartedUtc = time.GetUtcNow(),
            },
            ImageFile = Readable(options.ImageFile, "imageFile"),
            Inventory = Readable(options.Inventory, "inventory"),
            Columns = options.Columns?.Told() ?? new Dictionary<ColumnMeaning, string>(),
            Proposal = options.Proposal,
        };
        if (options.Proposal is { Folder.Length: > LongestFolder })
            problems.Add(new("invalid-value", $"A folder's path has at most {LongestFolder} characters.") { Field = "proposal.folder" });
        return problems.Count == 0 ? check : throw RefusedException.Bad(problems);

        string? Readable(string? path, string member)
        {
            if (string.IsNullOrWhiteSpace(path)) return null;
            try
            {
                return staging.ForReading(point.Workspace, path);
            }
            catch (ConfigurationException e)
            {
                problems.Add(e.Problem with { Field = member });
                return null;
            }
        }
    }
}
