using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>Where a job exports to, and what its load files are called and hold.</summary>
public static class ExportFolder
{
    /// <summary>The folder of a workspace below which all exports lie.</summary>
    public const string Name = "Export";

    /// <summary>Whether a path of the staging area is that of a workspace's exports, or lies in it. In any case of letters: what refers to it is found so, too.</summary>
    public static bool Holds(string workspace, string path)
        => $"{path}/".StartsWith($"{StagingPaths.FolderOf(workspace)}/{Name}/", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the job is frozen with. Nothing is looked up: what is there already is for the caller to see.</summary>
    /// <exception cref="ConfigurationException"><c>path-outside-root</c>: the folder leaves the workspace's own.</exception>
    public static PreparedExport Prepare(Job job, ExportSettings settings, SourceLayout layout, IReadOnlyList<Field> fields)
    {
        var writer = ExportFormat.Writer(settings, layout.Name);
        var columns = layout.Fields.Select(f => f.Name).ToList();
        var text = settings.TextFiles ? TextColumn(layout, fields, columns) : (int?)null;
        if (settings.Images && writer.ImageColumn is { } images) columns.Add(images);
        if (settings.Natives || settings.IncludeNativePath) columns.Add(writer.NativeColumn);
        return new PreparedExport
        {
            Folder = Folder(job, settings),
            DataFile = ExportNames.LoadFile(layout.Name, ExportNames.EndingOf(settings.DataFormat)),
            ImageFile = settings.Images && ExportNames.EndingOf(settings.ImageFile) is { } ending ? ExportNames.LoadFile(layout.Name, ending) : null,
            TextColumn = text,
            Columns = columns,
        };
    }

    private static string Folder(Job job, ExportSettings settings)
    {
        // The documents that are retried never take the place of those that were exported then.
        var isRetry = job.Retry is { Whole: false };
        string[] levels =
        [
            StagingPaths.FolderOf(job.Point.Workspace), Name, .. FilePath.Parse(settings.Folder).Segments,
            .. settings.CreateFolder || isRetry ? [ExportNames.Folder(job.Point.Name, job.StartedUtc)] : Array.Empty<string>(),
        ];
        return StagingPaths.ForWriting(job.Point.Workspace, string.Join('/', levels));
    }

    // The first field of the precedence that is a column holds the path; when none is, one is added.
    private static int TextColumn(SourceLayout layout, IReadOnlyList<Field> fields, List<string> columns)
    {
        var texts = SelectedDocuments.From(layout).TextFields;
        foreach (var text in texts)
            if (layout.Fields.Index().FirstOrDefault(c => c.Item.FieldId == text) is (var at, not null)) return at;
        columns.Add(fields.First(f => f.Id == texts[0]).Name);
        return columns.Count - 1;
    }
}
