using System.CommandLine;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Cli.Import;

/// <summary>The options that say how cells become values.</summary>
internal sealed class ValueOptions
{
    private readonly Option<string[]> _dateFormats = new("--date-format")
    {
        Description = "The exact format of a field's dates, such as \"Date Sent=dd.MM.yyyy HH:mm\"; once for each field.",
        HelpName = "field=format",
    };

    private readonly Option<bool> _emptyZeroDates = Switch("--empty-zero-dates", "Take zero dates such as 00/00/0000 for empty instead of errors.");
    private readonly Option<bool> _keepOnBlank = Switch("--keep-on-blank", "Overlay: blank cells leave the values that are there.");
    private readonly Option<bool> _noNewChoices = Switch("--no-new-choices", "Reject rows that name a choice that is not there.");
    private readonly Option<bool> _noNewObjects = Switch("--no-new-objects", "Reject rows that name an object that is not there.");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_dateFormats, _emptyZeroDates, _keepOnBlank, _noNewChoices, _noNewObjects];

    /// <summary>The settings with what a command line says about values.</summary>
    /// <exception cref="UsageException">A format is not FIELD=FORMAT.</exception>
    public ImportSettings Apply(ParseResult arguments, ImportSettings import) => import with
    {
        DateFormats = Formats(arguments.GetValue(_dateFormats) ?? []),
        CreateErrorForInvalidDate = arguments.GetValue(_emptyZeroDates) ? false : null,
        KeepOnBlank = arguments.GetValue(_keepOnBlank),
        CreateChoices = !arguments.GetValue(_noNewChoices),
        CreateObjects = !arguments.GetValue(_noNewObjects),
    };

    private static Dictionary<string, string> Formats(string[] pairs)
    {
        var formats = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in pairs)
        {
            // A name may hold an equals sign, a format hardly ever does.
            var at = pair.LastIndexOf('=');
            if (at < 1 || at == pair.Length - 1) throw new UsageException($"--date-format: \"{pair}\" is not FIELD=FORMAT, such as \"Date Sent=yyyy-MM-dd\".");
            if (!formats.TryAdd(pair[..at].Trim(), pair[(at + 1)..])) throw new UsageException($"--date-format: the field {pair[..at].Trim()} is named twice.");
        }
        return formats;
    }

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description };
}
