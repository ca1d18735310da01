using System.Globalization;

namespace IntegrationPoints.Bench;

/// <summary>The command line is not what it should be; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Pairs of <c>--name value</c>. Every option has a default.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> values = [];

    public Options(IEnumerable<string> args)
    {
        foreach (var pair in args.Chunk(2))
            if (pair is not [['-', '-', ..], var value] || !values.TryAdd(pair[0], value)) throw new UsageException($"{pair[0]} is not an option with a value.");
    }

    /// <summary>A whole number, at least <paramref name="least"/>.</summary>
    public int Number(string name, int otherwise, int least = 0)
    {
        if (!values.Remove(name, out var text)) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new UsageException($"{name} takes a whole number of at least {least}.");
    }

    /// <summary>A text, null when it is not given.</summary>
    public string? Text(string name) => values.Remove(name, out var text) ? text : null;

    /// <summary>Refuses what nobody asked for.</summary>
    public void End()
    {
        if (values.Count > 0) throw new UsageException($"There is no option {values.Keys.First()} here.");
    }
}
