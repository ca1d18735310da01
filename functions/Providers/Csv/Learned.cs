using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Csv;

/// <summary>
/// What jobs learn of a server and its file, and record on their integration point: the first host key that one is shown (trust on first use), and the
/// columns of the first file. Whoever is first decides; twice or late changes nothing. What is recorded is entered in the audit.
/// </summary>
/// <param name="point">The integration point, as the job was frozen with it.</param>
/// <param name="job">The job's id; empty: somebody only looks, and nothing is recorded.</param>
/// <param name="outside">Where points are kept.</param>
/// <param name="tables">The audit, and who started the job.</param>
internal sealed class Learned(IntegrationPoint point, string job, Outside outside, JobTables tables)
{
    // A header that is longer than an entry of the audit can be is nothing that somebody follows from file to file.
    private const int MostCharacters = 20_000;

    /// <summary>
    /// The settings with the key that is known by now, when the job has been frozen before one was: another attempt of it, or another job, recorded
    /// one in between.
    /// </summary>
    public async Task<CsvSettings> WithHostKeyAsync(CsvSettings settings, CancellationToken cancellationToken)
        => settings.HostKey is null && settings.Protocol == FileProtocol.Sftp && await FindAsync(settings, cancellationToken) is var (_, now)
            ? settings with { HostKey = now.HostKey }
            : settings;

    /// <summary>Records a host key unless one is known; false: another one is known by now.</summary>
    public async Task<bool> HostKeyAsync(CsvSettings settings, string seen, CancellationToken cancellationToken)
    {
        CsvSettings? other = null;
        await RecordAsync("hostKey", settings, now => (other = now).HostKey is null ? now with { HostKey = seen } : now, cancellationToken);
        return other?.HostKey is not { } known || CsvRules.Fingerprints(known).Contains(CsvRules.Fingerprints(seen)[0], StringComparer.Ordinal);
    }

    /// <summary>Records the columns of the file, unless some are known.</summary>
    public Task ColumnsAsync(CsvSettings settings, IReadOnlyList<string> columns, CancellationToken cancellationToken)
        => JsonSerializer.Serialize(columns, JsonSerializerOptions.Web).Length > MostCharacters ? Task.CompletedTask : RecordAsync(
            "seenColumns", settings, now => CsvRules.KnownColumns(now).Count == 0 && CsvRules.IsSameFile(now, settings) ? now with { SeenColumns = columns } : now, cancellationToken);

    // Noted first, so that a crash in between cannot keep it out of the audit.
    private async Task RecordAsync(string setting, CsvSettings settings, Func<CsvSettings, CsvSettings> change, CancellationToken cancellationToken)
    {
        while (await FindAsync(settings, cancellationToken) is var (found, now))
        {
            var changed = change(now);
            if (changed == now) return;
            var source = Sources.Write(CsvSettings.Provider, changed);
            var entry = await EntryAsync(setting, found.Value.Source.Settings, source.Settings, cancellationToken);
            await tables.Audit.OpenAsync(entry, cancellationToken);
            var isRecorded = await outside.Points.ReplaceAsync(found.Value with { Source = source }, found, cancellationToken) is not null;
            if (isRecorded) await tables.Audit.AddAsync(entry, cancellationToken);
            await tables.Audit.CloseAsync(entry, cancellationToken);
            if (isRecorded) return;
        }
    }

    private async Task<AuditEntry> EntryAsync(string setting, JsonElement before, JsonElement after, CancellationToken cancellationToken)
    {
        var row = await tables.History.GetAsync(job, cancellationToken);
        return new AuditEntry
        {
            Id = $"{job}-{setting}",
            TimeUtc = outside.Time.GetUtcNow(),
            Workspace = point.Workspace,
            Who = row?.StartedBy ?? point.SavedBy,
            By = "job",
            Action = "change-integration-point",
            Kind = "integration-point",
            SubjectId = point.Id,
            SubjectName = point.Name,
            JobId = job,
            Before = Only(setting, before),
            After = Only(setting, after),
        };
    }

    // As the audit shows an integration point that somebody changed, of what did not change nothing.
    private static string Only(string setting, JsonElement settings) => new JsonObject
    {
        ["source"] = new JsonObject { ["settings"] = new JsonObject { [setting] = settings.TryGetProperty(setting, out var value) ? JsonNode.Parse(value.GetRawText()) : null } },
    }.ToJsonString(JsonSerializerOptions.Web);

    // Null: the point is gone, or reads from another server by now. Then it is of no use to it.
    private async Task<(Versioned<IntegrationPoint> Point, CsvSettings Settings)?> FindAsync(CsvSettings settings, CancellationToken cancellationToken)
        => await outside.Points.FindAsync(point.Workspace, point.Id, cancellationToken) is { Value.Source.Provider: CsvSettings.Provider } found
            && Sources.Read<CsvSettings>(found.Value.Source) is var now
            && CsvRules.IsSameServer(now, settings)
            ? (found, now)
            : null;
}
