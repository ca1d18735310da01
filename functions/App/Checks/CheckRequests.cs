using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Checks;

/// <summary>Makes a check of what was asked for, when the workspace may read all that it names.</summary>
public sealed class CheckRequests(StagingPaths staging, InstanceSettings instance, TimeProvider time, AccessCheck access)
{
    private const int LongestFolder = 1024;

    /// <summary>Refuses a caller who may not have this checked. To be asked before anything is looked up that the request names.</summary>
    /// <exception cref="RefusedException">403 with everything that is missing.</exception>
    public Task RequireAsync(IntegrationPoint point, CheckOptions options, CancellationToken cancellationToken)
        => access.RequireAsync(point.Workspace, Target(point, options.ImageFile, options.Inventory), cancellationToken);

    /// <summary>What a check, also one that is there already, is done with: a point of no id is none that somebody saved.</summary>
    internal static AccessTarget Target(IntegrationPoint point, params string?[] files)
    {
        var named = files.Where(file => !string.IsNullOrWhiteSpace(file)).ToList();
        var target = AccessCheck.Target(point);
        return target with
        {
            NamesFiles = point.Id.Length == 0 || named.Count > 0,
            ReadsExports = target.ReadsExports || named.Any(file => ExportFolder.Holds(point.Workspace, file!)),
        };
    }

    /// <summary>Has a refusal list what a check of a point needs for the files that are named beside it, too.</summary>
    internal void Foresee(string workspace, Func<Task<CheckOptions>> read, CancellationToken cancellationToken) => access.Foresee(workspace, async () =>
    {
        var options = await read();
        string?[] files = [options.ImageFile, options.Inventory];
        var target = new AccessTarget("")
        {
            NamesFiles = files.Any(file => !string.IsNullOrWhiteSpace(file)),
            ReadsExports = files.Any(file => file is not null && ExportFolder.Holds(workspace, file)),
        };
        return [.. AccessTable.FromStaging(Operation.StudyPoint, target)];
    }, cancellationToken);

    /// <summary>The check, to be stored when it starts.</summary>
    /// <exception cref="RefusedException">400: a path that the workspace may not read.</exception>
    public async Task<Check> FreezeAsync(IntegrationPoint point, CheckOptions options, string caller, string? idempotencyKey, CancellationToken cancellationToken)
    {
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
