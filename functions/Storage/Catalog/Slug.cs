using System.Security.Cryptography;
using System.Text;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>Ids that people recognise.</summary>
public static class Slug
{
    private const int MaxLength = 40;

    /// <summary>
    /// A new id for a thing of this name: letters and digits of the name that are safe in every path, table key and address, and eight random
    /// characters that keep two of a name apart.
    /// </summary>
    public static string NewId(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Trim().ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length == MaxLength) break;
        }
        return $"{slug.ToString().Trim('-')}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}".TrimStart('-');
    }
}
