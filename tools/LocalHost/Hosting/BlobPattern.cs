using System.Text.RegularExpressions;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>The path of a blob trigger, <c>container/pattern</c>: a token in braces matches anything, slashes included.</summary>
internal sealed partial class BlobPattern
{
    private readonly Regex regex;

    /// <exception cref="FormatException">There is no container, or no pattern.</exception>
    public BlobPattern(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw new FormatException($"the blob path '{path}' is not of the form container/pattern");
        }

        Container = path[..slash];
        var pattern = path[(slash + 1)..];
        Prefix = pattern.Split('{')[0];
        Tokens = [.. Token().Matches(pattern).Select(m => m.Groups[1].Value)];
        var literals = Token().Split(pattern).Where((_, i) => i % 2 == 0).Select(Regex.Escape).ToList();
        regex = new Regex(
            $"^{string.Concat(literals.Select((l, i) => i < Tokens.Count ? $"{l}(?<{Tokens[i]}>.+)" : l))}$", RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    public string Container { get; }

    /// <summary>What every matching name starts with.</summary>
    public string Prefix { get; }

    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The values of the tokens, or null when the name does not match.</summary>
    public Dictionary<string, string?>? Match(string name)
    {
        var match = regex.Match(name);
        return match.Success
            ? Tokens.ToDictionary(t => t, t => (string?)match.Groups[t].Value, StringComparer.OrdinalIgnoreCase)
            : null;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Token();
}
