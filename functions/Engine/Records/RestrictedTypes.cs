namespace IntegrationPoints.Engine.Records;

/// <summary>
/// The types of files that are not imported as natives (load-file specification, RestrictedFileTypes): those that a computer runs. A file is of a
/// type by its ending or by its bytes, so that a program does not become harmless by another name.
/// </summary>
public sealed record RestrictedTypes(IReadOnlyList<string> Endings)
{
    /// <summary>Programs and scripts.</summary>
    public const string Usual = "exe, com, scr, pif, dll, sys, cpl, msi, msp, elf, mach-o, bat, cmd, ps1, vbs, vbe, js, jse, wsf, wsh, hta, lnk, jar, apk, reg";

    /// <summary>From a setting: endings separated by commas; blank: the usual ones; <c>none</c>.</summary>
    public static RestrictedTypes From(string? setting)
    {
        var endings = (string.IsNullOrWhiteSpace(setting) ? Usual : setting).Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);
        return new([.. endings.Select(e => e.TrimStart('.').ToLowerInvariant()).Where(e => e is not ("none" or ""))]);
    }
}
