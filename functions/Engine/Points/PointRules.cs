using System.Buffers;
using System.Globalization;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Points;

/// <summary>What an integration point must be to be saved. The provider checks its own settings.</summary>
public static class PointRules
{
    /// <summary>The most characters of a name.</summary>
    public const int NameLength = 255;

    // A point's name is also the name of a folder of the staging area; a change of direction would let it pose as another.
    private static readonly SearchValues<char> NotInNames =
        SearchValues.Create("<>:\"/\\|?*\u2028\u2029\ufffd\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069");

    /// <summary>Everything that is wrong, each with the property concerned; empty when nothing is.</summary>
    public static IReadOnlyList<Problem> Check(IntegrationPoint point)
    {
        var problems = new List<Problem>();
        if (CheckName(point.Name) is { } name) problems.Add(name);
        if (string.IsNullOrWhiteSpace(point.ObjectType))
        {
            problems.Add(At("objectType", "object-type-missing", "The integration point names no object type. Name one, such as Document."));
        }
        if (string.IsNullOrWhiteSpace(point.Source.Provider))
        {
            problems.Add(At("source.provider", "provider-missing", "The integration point names no source provider. Name one, such as load-file."));
        }
        if (point.IsExport) CheckExport(point, problems);
        else CheckImport(point, problems);
        if (point.Schedule is { } schedule) problems.AddRange(schedule.Problems());
        problems.AddRange(Recipients.Check(point.NotificationRecipients, "notificationRecipients"));
        return problems;
    }

    private static void CheckImport(IntegrationPoint point, List<Problem> problems)
    {
        if (point.Source.Provider == WorkspaceSettings.Provider)
        {
            problems.Add(At("destination", "destination-missing",
                $"The integration point reads from its workspace and names no destination. Name one, such as {ExportSettings.Provider}."));
        }
        CheckCharacters(point.Import, problems);
        CheckSettings(point.Import, problems);
        CheckMapping(point, problems);
        CheckSchema(point.Import.CreateFields, problems);
    }

    // What an import says of records, fields and uploads has no meaning here: what is exported, and how, stands in the providers' settings.
    private static void CheckExport(IntegrationPoint point, List<Problem> problems)
    {
        if (point.Source.Provider is { Length: > 0 } provider and not WorkspaceSettings.Provider)
        {
            problems.Add(At("source.provider", "provider-not-for-export",
                $"An export reads from its workspace, and the source provider is {Words.Quote(provider)}. Choose {WorkspaceSettings.Provider}, or leave the destination out for an import."));
        }
        if (!point.ObjectType.Trim().Equals(ObjectType.Document, StringComparison.OrdinalIgnoreCase))
            problems.Add(At("objectType", "documents-only", $"Load files are exported of documents, and the object type is {Words.Quote(point.ObjectType)}. Choose {ObjectType.Document}."));
        if (point.Mapping.Count > 0)
            problems.Add(At("mapping", "mapping-not-for-export", "An export has columns instead of a mapping. Name them in the source's settings."));
        if (point.RunOnUpload)
            problems.Add(At("runOnUpload", "upload-not-for-export", "An export reads no load file that could be uploaded. Switch it off."));
    }

    /// <summary>What is wrong with the name of an integration point; null when nothing is.</summary>
    public static Problem? CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name)) return At("name", "name-missing", "The name is blank. Enter one.");
        if (name.Length > NameLength)
        {
            return At("name", "name-too-long", string.Create(CultureInfo.InvariantCulture,
                $"The name {Words.Quote(name)} has {name.Length} characters; it may have {NameLength}. Shorten it."));
        }
        var wrong = FirstUnusable(name);
        if (wrong >= 0)
        {
            return At("name", "name-invalid",
                $"The name {Words.Quote(name)} holds {Words.Quote(name.AsSpan(wrong, 1))}. Leave out < > : \" / \\ | ? *, tabs, line breaks and other characters that cannot be seen.");
        }
        return name != name.Trim() || name.EndsWith('.')
            ? At("name", "name-invalid", $"The name {Words.Quote(name)} begins or ends with a blank, or ends with a dot. Remove it.")
            : null;
    }

    private static int FirstUnusable(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1])) i++;
            else if (NotInNames.Contains(name[i]) || char.IsControl(name[i]) || char.IsSurrogate(name[i])) return i;
        }
        return -1;
    }

    private static void CheckCharacters(ImportSettings import, List<Problem> problems)
    {
        var characters = new (string Property, string Use, int Code)[]
        {
            ("import.multiValue", "between the values of a multiple choice or object", import.MultiValue),
            ("import.nested", "between the levels of a choice", import.Nested),
            ("import.newline", "for a line break in long text", import.Newline),
        };
        foreach (var (property, use, code) in characters)
        {
            if (code is < 1 or > 255)
            {
                problems.Add(At(property, "character-out-of-range", string.Create(CultureInfo.InvariantCulture,
                    $"The character {use} has the code {code}. Choose one from 1 to 255.")));
            }
        }
        foreach (var same in characters.GroupBy(c => c.Code).Where(g => g.Count() > 1))
        {
            problems.Add(At(same.Last().Property, "characters-equal", string.Create(CultureInfo.InvariantCulture,
                $"The character with the code {same.Key} is used {string.Join(" and ", same.Select(c => c.Use))}. Choose different ones.")));
        }
    }

    private static void CheckSettings(ImportSettings import, List<Problem> problems)
    {
        if (!IsCulture(import.Culture))
        {
            problems.Add(At("import.culture", "unknown-culture",
                $"{Words.Quote(import.Culture)} is not a regional setting. Use a name such as en-US, en-GB or de-DE."));
        }
        if (import.TextEncoding is { } encoding and not "auto" && EncodingDetector.Find(encoding) is null)
        {
            problems.Add(At("import.textEncoding", "unknown-encoding",
                $"{Words.Quote(encoding)} is not an encoding. Use a name such as utf-8, utf-16 or windows-1252, or leave it out to have it detected."));
        }
        foreach (var (field, format) in import.DateFormats)
        {
            if (!IsDateFormat(format))
            {
                problems.Add(At("import.dateFormats", "date-format-invalid",
                    $"{Words.Quote(format)}, the format of {Words.Quote(field)}, is not a date format. Use one such as yyyy-MM-dd or dd/MM/yyyy HH:mm."));
            }
        }
        problems.AddRange(import.PathRules.Select(r => r.Problem).OfType<string>().Select(p => At("import.pathRules", "path-rule-invalid", p)));
        var folder = FolderPath.Parse(import.DestinationFolder, "");
        if (folder.IsError) problems.Add(At("import.destinationFolder", folder.Code, folder.Reason));
        var columns = new (string Property, string? Column)[]
        {
            ("import.identifierColumn", import.IdentifierColumn), ("import.nativeColumn", import.NativeColumn),
            ("import.textColumn", import.TextColumn), ("import.folderColumn", import.FolderColumn), ("import.overlayField", import.OverlayField),
            ("import.uniqueIdentifier", import.UniqueIdentifier),
        };
        foreach (var (property, _) in columns.Where(c => c.Column is not null && string.IsNullOrWhiteSpace(c.Column)))
        {
            problems.Add(At(property, "name-missing", "The name is blank. Enter one, or leave the setting out."));
        }
    }

    private static void CheckMapping(IntegrationPoint point, List<Problem> problems)
    {
        if (!point.MapAllFields && point.Mapping.Count == 0)
        {
            problems.Add(At("mapping", "mapping-empty", "No field is mapped. Map fields, or switch on mapping of all fields."));
        }
        var (sources, destinations) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        for (var i = 0; i < point.Mapping.Count; i++)
        {
            var pair = point.Mapping[i];
            var (source, destination) = (string.Create(CultureInfo.InvariantCulture, $"mapping[{i}].source"), string.Create(CultureInfo.InvariantCulture, $"mapping[{i}].destination"));
            if (string.IsNullOrWhiteSpace(pair.Source)) problems.Add(At(source, "name-missing", "The pair names no field of the source. Name one, or remove the pair."));
            else if (!sources.Add(pair.Source.Trim()))
                problems.Add(At(source, "column-mapped-twice", $"The column {Words.Quote(pair.Source)} is mapped more than once. Map it to one field.") with { Name = pair.Source });
            if (string.IsNullOrWhiteSpace(pair.Destination)) problems.Add(At(destination, "name-missing", "The pair names no field of the destination. Name one, or remove the pair."));
            else if (!destinations.Add(pair.Destination.Trim()))
                problems.Add(At(destination, "field-mapped-twice", $"The field {Words.Quote(pair.Destination)} gets its values from more than one column. Map only one to it.") with { Name = pair.Destination });
        }
    }

    private static void CheckSchema(FieldSchema? schema, List<Problem> problems)
    {
        if (schema is null) return;
        foreach (var name in Repeated(schema.Fields.Select(f => f.Name)))
        {
            problems.Add(At("import.createFields", "field-named-twice", $"The schema names the field {Words.Quote(name)} more than once. Keep one of them."));
        }
        foreach (var field in schema.Fields.Where(f => f.Length is < 1))
        {
            problems.Add(At("import.createFields", "length-invalid", string.Create(CultureInfo.InvariantCulture,
                $"The schema gives the field {Words.Quote(field.Name)} the length {field.Length}. A length is at least 1.")));
        }
        foreach (var field in schema.Fields)
        {
            problems.AddRange(FieldShape.Check(field.Type, field.Scale, field.DateOnly, field.AssociatedType).Select(p => At(
                "import.createFields", p.Code, $"The schema's field {Words.Quote(field.Name)}: {p.Message}")));
        }
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> names)
        => names.GroupBy(n => n.Trim(), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key);

    private static bool IsCulture(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true) is not null;
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }

    // A format that names year, month and day reads back what it wrote.
    private static bool IsDateFormat(string? format)
    {
        var day = new DateTime(2019, 11, 23, 0, 0, 0, DateTimeKind.Utc);
        try
        {
            return format is { Length: > 1 }
                && DateTime.TryParseExact(day.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture,
                    DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var read)
                && read.Date == day.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static Problem At(string property, string code, string message) => new(code, message) { Field = property };
}
