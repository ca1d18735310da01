using System.Globalization;

namespace IntegrationPoints.Engine.Settings;

/// <summary>
/// How hosts are written in settings: a DNS name, an IPv4 address of four decimal numbers, or an IPv6 address. Other spellings of addresses that
/// some programs take (2130706433, 0x7f.1, 0177.0.0.1) are none: what is checked and what is connected to would be read differently.
/// </summary>
public static class HostName
{
    // RFC 1035, 2.3.4, without the dot at the end.
    private const int Longest = 253, LongestLabel = 63;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    /// <summary>
    /// The host in its one form: lower case, ASCII (RFC 5891), no dot at the end, no brackets; null when the text is no host. Whether the text of
    /// an IPv6 address is one is for whoever connects to say.
    /// </summary>
    public static string? Clean(string text)
    {
        if (text.Length > Longest + 1) return null;
        if (text.Contains(':')) return Ipv6(text is ['[', .. var inner, ']'] ? inner : text);
        if (Ascii(text) is not { } ascii) return null;
        var host = ascii.EndsWith('.') ? ascii[..^1] : ascii;
        var labels = host.Split('.');
        if (host.Length > Longest || !labels.All(IsLabel)) return null;
        // A name whose last label is a number is an address to some resolvers (WHATWG URL, 3.5).
        return !IsNumber(labels[^1]) || (labels.Length == 4 && labels.All(IsOctet)) ? host : null;
    }

    private static string? Ascii(string text)
    {
        try
        {
            // Also folds look-alikes such as full-width digits and dots to what they will be taken for.
            return text.All(char.IsAscii) ? text.ToLowerInvariant() : Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // The longest: eight groups, the last two as an IPv4 address. A zone (fe80::1%eth0) names an interface of this machine; there is none to name.
    private static string? Ipv6(string text)
        => text.Length is >= 2 and <= 45 && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') ? text.ToLowerInvariant() : null;

    private static bool IsLabel(string label)
        => label.Length is > 0 and <= LongestLabel && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsNumber(string label)
        => label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigit));

    private static bool IsOctet(string label)
        => label.Length <= 3 && label.All(char.IsAsciiDigit) && (label == "0" || label[0] != '0') && int.Parse(label, CultureInfo.InvariantCulture) <= 255;
}
