namespace IntegrationPoints.Engine.Records;

/// <summary>
/// The types of files that are not imported as natives (load-file specification, RestrictedFileTypes): those that a computer runs. A file is of a
/// type by its ending or by its bytes, so that a program does not become harmless by another name.
/// </summary>
public static class RestrictedTypes
{
    /// <summary>Programs and scripts.</summary>
    public const string Usual = "exe, com, scr, pif, dll, sys, cpl, msi, msp, elf, mach-o, bat, cmd, ps1, vbs, vbe, js, jse, wsf, wsh, hta, lnk, jar, apk, reg";

    /// <summary>The value that restricts no type.</summary>
    public const string None = "none";

    private const int LongestEnding = 20;

    /// <summary>
    /// The types of a list of endings, separated by commas, semicolons or blanks, each once; empty for <see cref="None"/>. Null when the text is
    /// neither: blank, or with something in it that ends no name.
    /// </summary>
    public static IReadOnlyList<string>? Read(string text)
    {
        if (text.Trim().Equals(None, StringComparison.OrdinalIgnoreCase)) return [];
        var endings = text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries).Select(e => e.TrimStart('.').ToLowerInvariant()).Distinct().ToList();
        return endings.Count == 0 || endings.Exists(e => e.Length is 0 or > LongestEnding || !e.All(IsPart) || e == None) ? null : endings;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is '-' or '_';
}
