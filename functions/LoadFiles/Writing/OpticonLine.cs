using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Writes lines of Opticon (load-file specification, "Load file format"): <c>bates,volume,path,Y,,,pages</c> for a document's
/// first page, <c>bates,volume,path,,,,</c> for the others. A file of all pages is one line, with their number.
/// </summary>
public static class OpticonLine
{
    /// <summary>The ending of such files, without dot.</summary>
    public const string Extension = "opt";

    /// <summary>A line. What does not fit into Windows-1252, or would end its field, is reported and not written.</summary>
    /// <param name="bates">The page's id.</param>
    /// <param name="volume">The name of the volume.</param>
    /// <param name="path">The path of its file, as load files have it.</param>
    /// <param name="page">Which line of its document this is, from 1.</param>
    /// <param name="pages">How many pages the document has.</param>
    public static ImageFileLine Of(string bates, string volume, string path, int page, int pages)
    {
        if (string.IsNullOrWhiteSpace(bates)) return ImageFileLine.WithoutId;
        var end = page == 1 ? string.Create(CultureInfo.InvariantCulture, $"Y,,,{pages}") : ",,,";
        return ImageFileLine.Of($"{bates},{volume},{path},{end}", ",", [("page id", bates), ("volume", volume), ("path", path)]);
    }
}
