using System.Buffers;

namespace IntegrationPoints.Storage;

/// <summary>The ids of fields as parts of a query's text, where no parameter can stand.</summary>
internal static class FieldPath
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The id itself.</summary>
    /// <exception cref="ArgumentException">It holds something else than ASCII letters, digits, <c>-</c> and <c>_</c>.</exception>
    public static string Checked(string id)
        => id.Length is > 0 and <= 100 && !id.AsSpan().ContainsAnyExcept(Allowed)
            ? id
            : throw new ArgumentException("A condition's field id is made of ASCII letters, digits, - and _.", nameof(id));
}
