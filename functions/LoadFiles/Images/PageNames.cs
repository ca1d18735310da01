using System.Globalization;
using System.Text.Json.Serialization;

namespace IntegrationPoints.LoadFiles;

/// <summary>Where the ids of pages come from (guide, "Numbering").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PageNumbering>))]
public enum PageNumbering
{
    /// <summary>They are those of the load file.</summary>
    [JsonStringEnumMemberName("page-ids")] PageIds,

    /// <summary>When all pages of a document share an id, those after the first get a number.</summary>
    [JsonStringEnumMemberName("auto")] Auto,
}

/// <summary>What names the document of an image load file.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentNaming>))]
public enum DocumentNaming
{
    /// <summary>The id of its first page.</summary>
    [JsonStringEnumMemberName("first-page")] FirstPage,

    /// <summary>The id of its first page without the page's number: <c>ABC_0001</c> is a page of <c>ABC</c>.</summary>
    [JsonStringEnumMemberName("strip-suffix")] StripSuffix,

    /// <summary>A field of its first line.</summary>
    [JsonStringEnumMemberName("field")] Field,
}

/// <summary>Names documents and their pages.</summary>
public static class PageNames
{
    /// <summary>
    /// The ids of a document's pages. When all share one and they are numbered automatically, the first keeps it and those after it get <c>_</c>
    /// and a counter, padded to the digits of the page count: X, X_1; of ten pages X, X_01 … X_09. A blank id after the first counts as the
    /// first's. One id that differs switches numbering off for the document.
    /// </summary>
    public static IReadOnlyList<string> Of(ImageDocument document, PageNumbering numbering)
    {
        var ids = document.Lines.Select(l => l.PageId).ToArray();
        var shared = ids[0];
        if (numbering == PageNumbering.PageIds || shared.Length == 0) return ids;
        if (ids.Any(id => id.Length > 0 && !id.Equals(shared, StringComparison.OrdinalIgnoreCase))) return ids;
        var digits = ids.Length.ToString(CultureInfo.InvariantCulture).Length;
        for (var i = 1; i < ids.Length; i++) ids[i] = $"{shared}_{i.ToString($"d{digits}", CultureInfo.InvariantCulture)}";
        return ids;
    }

    /// <summary>The document's identifier; empty when what names it is blank or not there.</summary>
    /// <param name="document">The document.</param>
    /// <param name="naming">What names it.</param>
    /// <param name="field">Which field of its first line, from 1, with <see cref="DocumentNaming.Field"/>.</param>
    public static string OfDocument(ImageDocument document, DocumentNaming naming, int field)
    {
        var first = document.Lines[0];
        return naming switch
        {
            DocumentNaming.StripSuffix => WithoutSuffix(first.PageId),
            DocumentNaming.Field => field >= 1 && field <= first.Fields.Count ? first.Fields[field - 1] : "",
            _ => first.PageId,
        };
    }

    // Digits at the end with a separator before them, when something stands before that.
    private static string WithoutSuffix(string pageId)
    {
        var stem = pageId.AsSpan().TrimEnd("0123456789");
        return stem.Length < pageId.Length && stem.Length > 1 && stem[^1] is '_' or '-' or '.' ? stem[..^1].ToString() : pageId;
    }
}
