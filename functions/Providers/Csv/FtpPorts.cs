using System.Globalization;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Providers.Csv;

/// <summary>Which port a server says that it opened. Addresses in its answer are passed over.</summary>
internal static partial class FtpPorts
{
    // No server opens one of these for a file; what listens there is something else.
    private const int First = 1024, Last = 65535;

    /// <summary>Of the answer to EPSV: <c>Entering Extended Passive Mode (|||6446|)</c> (RFC 2428, 3). Null: there is none in it.</summary>
    public static int? OfExtended(string text) => Extended().Match(text) is { Success: true } match ? Port(Number(match.Groups["port"])) : null;

    /// <summary>Of the answer to PASV: <c>Entering Passive Mode (h1,h2,h3,h4,p1,p2)</c>, with or without brackets (RFC 1123, 4.1.2.6). Null: there is none in it.</summary>
    public static int? OfPassive(string text)
        => Passive().Match(text) is { Success: true } match && Number(match.Groups["high"]) is <= 255 and var high && Number(match.Groups["low"]) is <= 255 and var low
            ? Port((high * 256) + low)
            : null;

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static int? Port(int port) => port is >= First and <= Last ? port : null;

    [GeneratedRegex(@"\((?<mark>[!-~])\k<mark>\k<mark>(?<port>[0-9]{1,5})\k<mark>\)")]
    private static partial Regex Extended();

    [GeneratedRegex(@"(?<![0-9])(?:[0-9]{1,3},){4}(?<high>[0-9]{1,3}),(?<low>[0-9]{1,3})(?![0-9,])")]
    private static partial Regex Passive();
}
