using System.Runtime.CompilerServices;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadGen;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Bench;

/// <summary>
/// A workspace with many documents, made the short way: a generated sample is imported, and its records are stored again and again under other
/// identifiers. Copies share the natives of the sample.
/// </summary>
internal static class FilledWorkspace
{
    private const int Group = 1000;

    /// <summary>Makes it in the stores of a folder, in which no app runs afterwards; answers with its id.</summary>
    /// <param name="folder">The folder that <see cref="LocalApp"/> is started in.</param>
    /// <param name="sample">What is generated; at most as many documents as the workspace gets.</param>
    /// <param name="documents">How many documents the workspace has in the end.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<string> MakeAsync(string folder, GeneratorOptions sample, int documents, CancellationToken cancellationToken)
    {
        string workspace, file;
        var set = await LoadFileGenerator.WriteAsync(sample, Path.Combine(folder, "sample"), cancellationToken);
        await using (var app = await LocalApp.StartAsync(folder, cancellationToken))
        {
            workspace = (await MeasuredJob.RunAsync(app, sample, set, cancellationToken)).Workspace;
            file = app.Records;
        }
        await using var store = new SqliteRecords(file);
        var of = new Workspace { Id = workspace, Name = "" };
        var records = await ListAsync(store, of, cancellationToken).Select(i => RecordJson.Read(i.Body.Span)).ToListAsync(cancellationToken);
        foreach (var copies in Enumerable.Range(0, documents - records.Count).Chunk(Group))
            await store.WriteAsync([.. copies.Select(i => Copy(of, records[i % records.Count], 1 + (i / records.Count)))], cancellationToken);
        return workspace;
    }

    /// <summary>Every document of a workspace, one partition after the other, and nothing done to it.</summary>
    public static async IAsyncEnumerable<StoredItem> ListAsync(
        SqliteRecords store, Workspace workspace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var bucket = 0; bucket < workspace.Buckets; bucket++)
        {
            var query = new ItemQuery(Identifier.Partition(workspace.Id, bucket), Identifier.SortPrefix(ObjectType.Document));
            IReadOnlyList<StoredItem> items;
            do
            {
                items = await store.ListAsync(query, cancellationToken);
                foreach (var item in items) yield return item;
                if (items.Count > 0) query = query with { After = items[^1].Sort };
            }
            while (items.Count == query.Take);
        }
    }

    private static ItemWrite Copy(Workspace workspace, Record record, int round)
    {
        var identifier = string.Create(null, $"{record.Identifier}.{round:d4}");
        var key = Identifier.Key(workspace.Id, workspace.Buckets, ObjectType.Document, identifier);
        return new ItemWrite(WriteKind.Create, key, Identifier.Sort(ObjectType.Document, identifier), RecordJson.Write(record with { Identifier = identifier }));
    }
}
