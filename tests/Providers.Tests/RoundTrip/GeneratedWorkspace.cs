using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests.RoundTrip;

/// <summary>Workspaces with the fields of <see cref="GeneratedDocuments"/>, and one that holds them, as an import leaves them.</summary>
internal static class GeneratedWorkspace
{
    /// <summary>The name of the production.</summary>
    public const string Production = "Vol 1";

    private static readonly FieldSchema Schema = new()
    {
        Fields =
        [
            new SchemaField("Title", FieldType.FixedLengthText, Length: 100), new SchemaField("Notes", FieldType.LongText), new SchemaField("Count", FieldType.WholeNumber),
            new SchemaField("Amount", FieldType.Decimal), new SchemaField("Price", FieldType.Currency, Scale: 2), new SchemaField("Sent", FieldType.Date),
            new SchemaField("Day", FieldType.Date, DateOnly: true), new SchemaField("Privileged", FieldType.YesNo), new SchemaField("Kind", FieldType.SingleChoice),
            new SchemaField("Tags", FieldType.MultipleChoice), new SchemaField("Custodian", FieldType.SingleObject, AssociatedType: ObjectType.Entity),
            new SchemaField("People", FieldType.MultipleObject, AssociatedType: ObjectType.Entity), new SchemaField("Reviewer", FieldType.User),
            new SchemaField("Bates Beg", FieldType.FixedLengthText), new SchemaField("Bates End", FieldType.FixedLengthText), new SchemaField("Extracted Text", FieldType.LongText),
        ],
    };

    /// <summary>The columns of an export that carry everything.</summary>
    public static IReadOnlyList<string> Columns { get; } = [WorkspaceCatalog.DefaultIdentifier, "Folder Path", .. Schema.Fields.Select(f => f.Name)];

    /// <summary>How the records of a data file are imported.</summary>
    public static ImportSettings Import { get; } = new() { FolderColumn = "Folder Path", CreateFields = Schema };

    /// <summary>An empty workspace with the users.</summary>
    public static async Task<Tests.Import> EmptyAsync(Stores stores, CancellationToken stop)
    {
        var import = await Tests.Import.NewAsync(stores);
        foreach (var user in GeneratedDocuments.Users)
            await new UserCatalog(new Catalog(stores.Records)).AddAsync(import.Workspace.Id, new WorkspaceUser { Email = user }, stop);
        return import;
    }

    /// <summary>A workspace that holds documents.</summary>
    public static async Task<Tests.Import> NewAsync(Stores stores, IReadOnlyList<GeneratedDocument> documents, CancellationToken stop)
    {
        var import = await EmptyAsync(stores, stop);
        await StageAsync(import, documents, stop);
        var settings = new LoadFileSettings { File = $"{import.Folder}/docs.dat", Encoding = "utf-8", Column = 1, Quote = 254 };
        await RunAsync(import, LoadFileSettings.Provider, settings, Import with
        {
            NativeColumn = "Native",
            TextColumn = "Text",
            TextIsPath = true,
            TextEncoding = "utf-8",
            Newline = GeneratedDocuments.Newline,
            MultiValue = GeneratedDocuments.MultiValue,
            Nested = GeneratedDocuments.Nested,
        });
        await RunAsync(import, ImageFileSettings.Provider, new ImageFileSettings { File = $"{import.Folder}/images.lfp" }, new ImportSettings { Overwrite = OverwriteMode.OverlayOnly });
        var produced = new ImageFileSettings { File = $"{import.Folder}/produced.lfp", Production = Production };
        await RunAsync(import, ImageFileSettings.Provider, produced, new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Bates Beg" });
        return import;
    }

    /// <summary>Runs an import to its end. No record is left out, unless it is expected.</summary>
    public static async Task<TestJob> RunAsync<T>(Tests.Import import, string provider, T settings, ImportSettings how, Func<TestJob, Task>? check = null)
    {
        var job = await import.JobAsync(Sources.Write(provider, settings), how, new BatchSize { Records = 7 });
        var counts = new JobCounts();
        for (var batch = 0; batch < job.Batches.Count; batch++) counts += (await job.AttemptAsync(batch)).Counts;
        await job.SettleAsync(JobStatus.Completed, counts);
        if (check is not null) await check(job);
        else Assert.True(counts.Rejected == 0, string.Join('\n', await job.MessagesAsync()));
        return job;
    }

    private static async Task StageAsync(Tests.Import import, IReadOnlyList<GeneratedDocument> documents, CancellationToken stop)
    {
        var files = new Dictionary<string, byte[]>();
        var rows = new List<string[]> { (string[])[WorkspaceCatalog.DefaultIdentifier, .. documents[0].Cells.Keys, "Native", "Text"] };
        var (images, produced) = (new StringBuilder(), new StringBuilder());
        foreach (var (i, document) in documents.Index())
        {
            if (document.Native is var (name, content)) files[$"n{i}/{name}"] = content;
            if (document.Text is not null) files[$"t/{i}.txt"] = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(document.Text)];
            rows.Add([document.Identifier, .. document.Cells.Values, document.Native is var (n, _) ? $"n{i}/{n}" : "", document.Text is null ? "" : $"t/{i}.txt"]);
            AddLines(images, document.Images, files);
            AddLines(produced, document.Produced, files);
        }
        var quoted = rows.Select(row => string.Join('\u0001', row.Select(cell => $"þ{cell.Replace("þ", "þþ", StringComparison.Ordinal)}þ")) + "\r\n");
        files["docs.dat"] = Encoding.UTF8.GetBytes(string.Concat(quoted));
        files["images.lfp"] = Encoding.Latin1.GetBytes(images.ToString());
        files["produced.lfp"] = Encoding.Latin1.GetBytes(produced.ToString());
        await Parallel.ForEachAsync(files, stop, async (file, _) => await import.UploadAsync(file.Key, file.Value));
    }

    private static void AddLines(StringBuilder lines, IReadOnlyList<GeneratedPage> pages, Dictionary<string, byte[]> files)
    {
        foreach (var (i, page) in pages.Index())
        {
            files[$"i/{page.File}"] = page.Content;
            lines.Append(null, $"IM,{page.Id},{(i == 0 ? "D" : "")},{page.PageOfFile},@V;i;{page.File};2,{page.Rotation}\r\n");
        }
    }
}
