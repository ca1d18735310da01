using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Exports;

/// <summary>How many files an export is expected to write.</summary>
/// <param name="Images">Image files.</param>
/// <param name="Natives">Natives.</param>
/// <param name="Texts">Text files.</param>
/// <param name="Bytes">Their size together.</param>
public sealed record ExpectedFiles(long Images, long Natives, long Texts, long Bytes);

/// <summary>What the settings of an export must be to be saved. Whether what they name exists, the workspace knows.</summary>
public static partial class ExportRules
{
    private const string Source = "source.settings.", Destination = "destination.settings.";

    /// <summary>Everything that is wrong, each with the path of the property concerned; empty when nothing is.</summary>
    public static IReadOnlyList<Problem> Check(WorkspaceSettings source, ExportSettings destination)
    {
        var problems = new List<Problem>();
        CheckPart(source, problems);
        CheckColumns(source, destination, problems);
        CheckDataFile(destination, problems);
        CheckFolder(destination, problems);
        CheckImages(destination, problems);
        CheckNames(destination.TextPrecedence, Destination + "textPrecedence", "field", problems);
        if (EncodingDetector.Find(destination.TextEncoding) is null) problems.Add(UnknownEncoding("textEncoding", destination.TextEncoding));
        CheckNumbers(destination, problems);
        CheckPrefixes(destination, problems);
        return problems;
    }

    /// <summary>What is worth knowing before an export runs: too few digits for the folders and volumes that its files may need.</summary>
    public static IReadOnlyList<Problem> Warnings(ExportSettings settings, ExpectedFiles files)
    {
        var warnings = new List<Problem>();
        var count = files.Images + files.Natives + files.Texts;
        // Of two neighbours, what is in both is always more than one holds, so that there are never more than this.
        var volumes = Math.Min(count, 2 * (files.Bytes / (settings.Volume.MaxMegabytes * 1024L * 1024L)) + 1);
        var folders = Math.Min(count, 2 * (count / settings.Subdirectory.MaxFiles) + 1);
        Warn("volume.digits", "volumes", settings.Volume.Start, volumes, settings.Volume.Digits);
        Warn("subdirectory.digits", "folders", settings.Subdirectory.Start, folders, settings.Subdirectory.Digits);
        if (settings.DataFormat != DataFormat.Html && EncodingDetector.Find(settings.Encoding) is { } encoding && ExportFormat.DelimitersOf(settings) is var characters && !Has(encoding, characters.Newline))
        {
            warnings.Add(At(Destination + "encoding", "newline-not-in-encoding", string.Create(CultureInfo.InvariantCulture,
                $"{encoding.WebName} does not have the newline character (code {characters.Newline}): line breaks in values stay line breaks, in quotes. Choose UTF-8 or UTF-16, or another newline character.")) with
            { Severity = ProblemSeverity.Warning });
        }
        return warnings;

        void Warn(string property, string what, long start, long most, int digits)
        {
            if (HasEnoughDigits(start, most, digits)) return;
            warnings.Add(At(Destination + property, "too-few-digits", string.Create(CultureInfo.InvariantCulture,
                $"Numbers of {digits} digits may not be enough: up to {most} {what} are numbered from {start} on. Longer numbers are not cut, but names then sort in another order. Raise the digits."))
                with
            { Severity = ProblemSeverity.Warning });
        }
    }

    /// <summary>Whether numbers from <paramref name="start"/> on, so many more, have no more than so many digits.</summary>
    public static bool HasEnoughDigits(long start, long count, int digits)
        => (start + count).ToString(CultureInfo.InvariantCulture).Length <= digits;

    private static void CheckPart(WorkspaceSettings source, List<Problem> problems)
    {
        var isFolder = source.Part is WorkspacePart.Folder or WorkspacePart.FolderAndSubfolders;
        Needs("savedSearch", "saved search", source.SavedSearch, source.Part == WorkspacePart.SavedSearch);
        Needs("production", "production", source.Production, source.Part == WorkspacePart.Production);
        if (!isFolder && !string.IsNullOrWhiteSpace(source.Folder)) problems.Add(NotUsed("folder", "folder"));
        if (!isFolder && !string.IsNullOrWhiteSpace(source.View)) problems.Add(NotUsed("view", "view"));
        var folder = FolderPath.Parse("", source.Folder ?? "");
        if (folder.IsError) problems.Add(At(Source + "folder", folder.Code, folder.Reason));
        if (source.StartAtRecord < 1)
        {
            problems.Add(At(Source + "startAtRecord", "number-out-of-range",
                $"The export starts at record {source.StartAtRecord.ToString(CultureInfo.InvariantCulture)}; the first record is 1. Enter 1 or more."));
        }

        void Needs(string property, string what, string? value, bool isNeeded)
        {
            if (isNeeded && string.IsNullOrWhiteSpace(value)) problems.Add(At(Source + property, $"{what.Replace(' ', '-')}-missing", $"The export names no {what}. Name one, by id or name."));
            if (!isNeeded && !string.IsNullOrWhiteSpace(value)) problems.Add(NotUsed(property, what));
        }

        static Problem NotUsed(string property, string what) => At(Source + property, "setting-not-used",
            $"The export names a {what}, but its part is another one. Leave the {what} out, or change the part.");
    }

    private static void CheckColumns(WorkspaceSettings source, ExportSettings destination, List<Problem> problems)
    {
        if (source.Columns.Any(c => string.IsNullOrWhiteSpace(c.Field) || (c.Name is not null && string.IsNullOrWhiteSpace(c.Name))))
            problems.Add(At(Source + "columns", "name-missing", "A column lacks the name of its field, or is renamed to nothing. Name both, or leave the new name out."));
        foreach (var name in Repeated(source.Columns.Select(c => c.Name ?? c.Field)))
            problems.Add(At(Source + "columns", "column-named-twice", $"More than one column is called {Words.Quote(name)}. Rename one of them."));
        var file = destination.DataFormat == DataFormat.Html ? HtmlDataFile.Natives : DelimitedDataFile.Natives;
        if ((destination.Natives || destination.IncludeNativePath) && source.Columns.Any(c => file.Equals((c.Name ?? c.Field)?.Trim(), StringComparison.OrdinalIgnoreCase)))
            problems.Add(At(Source + "columns", "column-named-twice", $"The column {file} is written for the natives, and a column of that name is chosen too. Rename it."));
    }

    private static void CheckFolder(ExportSettings destination, List<Problem> problems)
    {
        var folder = FilePath.Parse(destination.Folder);
        var isRoot = folder.Kind == PathKind.Blank || destination.Folder.Trim() is "\\" or "/" or ".";
        if (!isRoot && folder.Kind != PathKind.Relative)
        {
            problems.Add(At(Destination + "folder", "path-outside-root",
                $"The folder {Words.QuotePath(destination.Folder)} is not below the folder Export of the workspace. Enter names of folders, separated by \\."));
        }
        var levels = folder.Kind == PathKind.Relative ? folder.Segments : [];
        foreach (var level in levels.Where(l => ExportNames.Clean(l) != l || Encoding.UTF8.GetByteCount(l) > ExportNames.LongestName))
            problems.Add(At(Destination + "folder", "name-invalid", $"The folder {Words.Quote(level)} cannot be the name of a folder. Leave out / : * ? \" < > | and blanks or dots at its end."));
        if (destination.Paths != PathStyle.Prefix && !string.IsNullOrEmpty(destination.PathPrefix))
            problems.Add(At(Destination + "pathPrefix", "setting-not-used", "Paths have a prefix, but do not begin with it. Choose paths with a prefix, or leave the prefix out."));
        if (destination.PathPrefix is { } prefix && prefix.Any(char.IsControl))
            problems.Add(At(Destination + "pathPrefix", "name-invalid", $"The prefix {Words.Quote(prefix)} holds a line break or another character that cannot be seen. Remove it."));
    }

    private static void CheckNumbers(ExportSettings destination, List<Problem> problems)
    {
        Range("volume.start", "first volume number", destination.Volume.Start, 0, int.MaxValue);
        Range("volume.digits", "number of digits", destination.Volume.Digits, 1, 20);
        Range("volume.maxMegabytes", "size of a volume", destination.Volume.MaxMegabytes, 1, int.MaxValue);
        Range("subdirectory.start", "first folder number", destination.Subdirectory.Start, 0, int.MaxValue);
        Range("subdirectory.digits", "number of digits", destination.Subdirectory.Digits, 1, 20);
        Range("subdirectory.maxFiles", "number of files of a folder", destination.Subdirectory.MaxFiles, 1, 1_000_000);

        void Range(string property, string what, int value, int least, int most)
        {
            if (value >= least && value <= most) return;
            problems.Add(At(Destination + property, "number-out-of-range", string.Create(CultureInfo.InvariantCulture,
                $"The {what} is {value}. Enter {(most == int.MaxValue ? $"{least} or more" : $"a number from {least} to {most}")}.")));
        }
    }

    private static void CheckNames(IReadOnlyList<string> names, string property, string what, List<Problem> problems)
    {
        if (names.Any(string.IsNullOrWhiteSpace)) problems.Add(At(property, "name-missing", $"The list names a {what} without a name. Remove it."));
        foreach (var name in Repeated(names)) problems.Add(At(property, "named-twice", $"The list names the {what} {Words.Quote(name)} more than once. Keep one of them."));
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> names) => names.Where(n => !string.IsNullOrWhiteSpace(n))
        .GroupBy(n => n.Trim(), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key);

    private static Problem At(string property, string code, string message) => new(code, message) { Field = property };
}
