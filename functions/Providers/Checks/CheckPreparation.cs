using System.Globalization;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>Opens the load file of a check, plans the fields that the import would make, and finds the columns that mean something.</summary>
public sealed class CheckPreparation(Blobs blobs, Sources sources, WorkspaceFields fields)
{
    /// <summary>What the check is to be frozen with.</summary>
    /// <exception cref="Engine.ConfigurationException">The import would not begin: the load file cannot be read, or the mapping does not fit.</exception>
    public async Task<PreparedCheck> RunAsync(Check check, CancellationToken cancellationToken)
    {
        var job = check.Job;
        var layout = await sources.Open(job).CheckAsync(cancellationToken);
        if (layout.Images is not null)
        {
            throw new Engine.ConfigurationException(
                "check-documents-only", "A check begins with the document load file of a production. Check that one, and give this image load file with it.");
        }
        var planned = await fields.PlanAsync(job, layout, cancellationToken);
        var mapping = ResolvedMapping.Of(job.Point, planned.Prepared);
        var columns = ColumnMeanings.Find(layout.Fields, check.Columns, mapping.Identifier?.Column).ToDictionary();
        // A field's role says it whatever the column is called.
        foreach (var (role, meaning) in ((FieldRole, ColumnMeaning)[])[(FieldRole.GroupIdentifier, ColumnMeaning.Group), (FieldRole.Hash, ColumnMeaning.Hash)])
        {
            if (!columns.ContainsKey(meaning) && !check.Columns.ContainsKey(meaning) && mapping.Fields.FirstOrDefault(f => f.Field.Role == role) is { } mapped)
                columns[meaning] = mapped.Column;
        }
        var prepared = new PreparedCheck { Job = planned.Prepared, NewFields = planned.NewFields, CanFind = planned.CanFind, Columns = columns };
        return check.ImageFile is { } images ? await WithImagesAsync(job, prepared, images, cancellationToken) : prepared;
    }

    // What is wrong with the image load file is one more thing to mend: the rows are checked all the same.
    private async Task<PreparedCheck> WithImagesAsync(Engine.Jobs.Job job, PreparedCheck prepared, string images, CancellationToken cancellationToken)
    {
        try
        {
            return prepared with { Images = await new ImageFileCheck(new ImageFileSettings { File = images }, blobs.Within(job.Instance.Packages)).RunAsync(cancellationToken) };
        }
        catch (Engine.ConfigurationException e)
        {
            return prepared with { ImageProblem = e.Problem };
        }
    }

    /// <summary>What each column is taken for.</summary>
    public static IReadOnlyList<ColumnUse> Uses(Check check, PreparedCheck prepared)
    {
        var layout = prepared.Job.Layout;
        var mapping = ResolvedMapping.Of(check.Job.Point, prepared.Job);
        var made = prepared.NewFields.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. layout.Fields.Take(Most).Select((column, i) =>
        {
            var field = mapping.Fields.FirstOrDefault(f => f.Column == i)?.Field;
            return new ColumnUse(
                Engine.Words.Shorten(column.Name), field is null ? null : $"{Engine.Words.Shorten(field.Name)} ({Type(field)})",
                field is not null && made.Contains(field.Name), Use(i));
        })];

        string? Use(int column)
        {
            List<string> uses = [];
            if (column == mapping.Identifier?.Column) uses.Add("identifier");
            if (column == mapping.NativeColumn) uses.Add("path of the native");
            if (column == mapping.TextColumn) uses.Add(check.Job.Point.Import.TextIsPath ? "path of the text" : "extracted text");
            if (column == mapping.FolderColumn) uses.Add("folder path");
            uses.AddRange(prepared.Columns.Where(c => c.Value == column).Select(c => Name(c.Key)));
            return uses.Count == 0 ? null : string.Join(", ", uses);
        }
    }

    // A hostile header can name any number of columns.
    private const int Most = 500;

    private static string Type(Field field)
        => field.Type == FieldType.FixedLengthText ? string.Create(CultureInfo.InvariantCulture, $"text, {field.Length} characters") : field.Type.InWords();

    private static string Name(ColumnMeaning meaning) => meaning switch
    {
        ColumnMeaning.BeginBates => "first Bates number",
        ColumnMeaning.EndBates => "last Bates number",
        ColumnMeaning.BeginAttachment => "first number of the family",
        ColumnMeaning.EndAttachment => "last number of the family",
        ColumnMeaning.Group => "family",
        ColumnMeaning.Parent => "parent of an attachment",
        ColumnMeaning.Pages => "number of pages",
        _ => "hash of the native",
    };
}
