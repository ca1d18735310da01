using System.CommandLine;
using IntegrationPoints.Engine.Exports;

namespace IntegrationPoints.Cli.Export;

/// <summary>The options that say which documents are exported, and what of them: the source of <c>ip export</c>.</summary>
internal sealed class ExportSource
{
    private readonly Option<string?> _folder = new("--folder") { Description = @"Export the documents of this folder; levels separated by \, """" is the root.", HelpName = "path" };
    private readonly Option<bool> _subfolders = new("--subfolders") { Description = "And those of all folders below it." };
    private readonly Option<string?> _view = new("--view") { Description = "The view that gives columns and order, by id or name; with --folder.", HelpName = "view" };
    private readonly Option<string?> _search = new("--search") { Description = "Export what this saved search finds, by id or name.", HelpName = "search" };
    private readonly Option<string?> _production = new("--production") { Description = "Export the documents of this production, by id or name.", HelpName = "production" };
    private readonly Option<long> _start = new("--start-at-record") { Description = "The number of the first record to export.", HelpName = "n", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _fields = new("--field")
    {
        Description = "A field to export, in order, once for each; NAME=COLUMN gives it another name. Default those of the view or saved search.",
        HelpName = "name[=column]",
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_folder, _subfolders, _view, _search, _production, _start, _fields];

    /// <summary>What a command line says with them.</summary>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public WorkspaceSettings Read(ParseResult arguments)
    {
        var (folder, search, production) = (arguments.GetValue(_folder), arguments.GetValue(_search), arguments.GetValue(_production));
        if (new[] { folder, search, production }.Count(o => o is not null) != 1)
            throw new UsageException("Say what to export with one of --folder, --search and --production.");
        if (folder is null && (arguments.GetValue(_subfolders) || arguments.GetValue(_view) is not null))
            throw new UsageException("--subfolders and --view go with --folder.");
        return new WorkspaceSettings
        {
            Part = search is not null ? WorkspacePart.SavedSearch
                : production is not null ? WorkspacePart.Production
                : arguments.GetValue(_subfolders) ? WorkspacePart.FolderAndSubfolders
                : WorkspacePart.Folder,
            Folder = folder,
            View = arguments.GetValue(_view),
            SavedSearch = search,
            Production = production,
            StartAtRecord = arguments.GetValue(_start),
            Columns = [.. (arguments.GetValue(_fields) ?? []).Select(Column)],
        };
    }

    // A field's name may hold an equals sign: doubled, it is one.
    private static ExportColumn Column(string text)
    {
        var at = -1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=') continue;
            if (i + 1 < text.Length && text[i + 1] == '=') i++;
            else at = i;
        }
        var field = (at < 0 ? text : text[..at]).Replace("==", "=", StringComparison.Ordinal).Trim();
        var name = at < 0 ? null : text[(at + 1)..].Replace("==", "=", StringComparison.Ordinal).Trim();
        return field.Length == 0 || name is { Length: 0 } ? throw new UsageException($"--field takes NAME or NAME=COLUMN, and not \"{text}\".") : new ExportColumn(field, name);
    }
}
