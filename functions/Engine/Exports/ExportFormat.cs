using System.Text;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Exports;

/// <summary>How the data file of an export is written.</summary>
public static class ExportFormat
{
    /// <summary>The characters of a format (guide, 5.1): those of .dat are the defaults of load files, .csv has 44, 34, 10, 59 and 92, .txt the chosen ones.</summary>
    public static Delimiters DelimitersOf(ExportSettings settings) => settings.DataFormat switch
    {
        DataFormat.Csv => new() { Column = ',', Quote = '"', Newline = '\n' },
        DataFormat.Txt => settings.Delimiters ?? new(),
        _ => new(),
    };

    /// <summary>What writes the data file.</summary>
    /// <param name="settings">Settings without problems (<see cref="ExportRules.Check"/>).</param>
    /// <param name="title">What the export is called, for formats that say it.</param>
    public static DataFileWriter Writer(ExportSettings settings, string title)
    {
        var encoding = EncodingOf(settings.Encoding);
        return settings.DataFormat == DataFormat.Html ? new HtmlDataFile(encoding, title) : new DelimitedDataFile(encoding, DelimitersOf(settings));
    }

    /// <summary>What makes cells of values.</summary>
    public static CellText Cells(ExportSettings settings) => new(DelimitersOf(settings), settings.NestedChoices);

    /// <summary>An encoding by name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Encoding EncodingOf(string name)
        => EncodingDetector.Find(name) ?? throw new ArgumentException($"There is no encoding named '{name}'.", nameof(name));
}
