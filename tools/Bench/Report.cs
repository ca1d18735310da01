using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace IntegrationPoints.Bench;

/// <summary>A section of results: what was measured, when, on what machine, how; and a table. Shown, and kept when asked.</summary>
internal sealed class Report(string title, string how)
{
    private readonly StringBuilder rows = new();
    private int columns;

    /// <summary>Adds a row; the first one is the head.</summary>
    public void Row(params IReadOnlyList<string> cells)
    {
        rows.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        if (columns == 0) rows.Append('|').Insert(rows.Length, "---|", cells.Count).Append('\n');
        columns = cells.Count;
    }

    /// <summary>Prints the section, and appends it to a file when there is one.</summary>
    public async Task ShowAsync(string? file, CancellationToken cancellationToken)
    {
        var section = $"## {title}\n\n{Machine()}\n\n{how}\n\n{rows}\n";
        Console.Write(section);
        if (file is not null) await File.AppendAllTextAsync(file, section, cancellationToken);
    }

    /// <summary>A number with as many places.</summary>
    public static string Number(double number, int places = 0) => number.ToString("N" + places, CultureInfo.InvariantCulture);

    private static string Machine() => string.Create(CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, .NET {Environment.Version}.");

    private static string Processor() => File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
