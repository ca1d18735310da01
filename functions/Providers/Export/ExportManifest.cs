using System.Globalization;
using System.Text;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Workspace;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// The list of an export's files, twice: beside the load files for people, who open it in a spreadsheet that must not compute anything; and with
/// the job, exact, where programs read it and the export is verified by.
/// </summary>
internal static class ExportManifest
{
    /// <summary>The first line of it.</summary>
    public static byte[] Head => Encoding.UTF8.GetBytes(ManifestRow.Csv(["Path", "Bytes", "SHA-256", "Document", "Kind"]));

    /// <summary>The line of a file. Its path starts at the export folder and has <c>\</c> between levels, as in the load files.</summary>
    public static byte[] Row(string folder, string document, KeptFile file) => Encoding.UTF8.GetBytes(ManifestRow.Csv(
    [
        ErrorFiles.Shown(file.Path[(folder.Length + 1)..].Replace('/', '\\')), file.Bytes.ToString(CultureInfo.InvariantCulture), file.Sha256 ?? "", ErrorFiles.Shown(document), ManifestRow.Word(file.Kind),
    ]));

    /// <summary>The line of a file in the job's own manifest.</summary>
    public static byte[] CustodyRow(long line, string document, KeptFile file)
        => Encoding.UTF8.GetBytes(ManifestRow.Csv(new ManifestRow { Line = line, Identifier = document, File = file }.Cells()));
}
