using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace IntegrationPoints.Engine.Records;

/// <summary>How an identifier becomes a place in the store (design, Data).</summary>
public static class Identifier
{
    /// <summary>The most characters of an identifier.</summary>
    public const int MaxLength = 255;

    private static readonly SearchValues<char> NeedsEscape = SearchValues.Create("/\\?#%|");

    /// <summary>The form in which identifiers are compared: trimmed, upper case, without regard to culture.</summary>
    public static string Fold(string identifier) => identifier.Trim().ToUpperInvariant();

    /// <summary>The key of the record with this identifier.</summary>
    public static ItemKey Key(string workspace, int buckets, string objectType, string identifier)
    {
        var folded = Fold(identifier);
        return new ItemKey(Partition(workspace, Bucket(folded, buckets)), $"{Escape(Fold(objectType))}|{ItemName(folded)}");
    }

    /// <summary>What the record is ordered by in listings of its object type.</summary>
    public static string Sort(string objectType, string identifier) => SortPrefix(objectType) + Fold(identifier);

    /// <summary>What the sort keys of all records of an object type begin with.</summary>
    public static string SortPrefix(string objectType) => Escape(Fold(objectType)) + "|";

    /// <summary>The partition of one bucket of a workspace's records.</summary>
    public static string Partition(string workspace, int bucket) => $"{workspace}|{bucket:d2}";

    /// <summary>The bucket of a folded text: a hash that is the same on every machine and in every version.</summary>
    public static int Bucket(string folded, int buckets)
        => (int)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(folded)) % (ulong)buckets);

    /// <summary>A text without the characters that item ids and blob paths cannot hold; two texts never become one.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(NeedsEscape) && !text.Any(char.IsControl)) return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (NeedsEscape.Contains(c) || char.IsControl(c)) escaped.Append('%').Append(((int)c).ToString("X4", null));
            else escaped.Append(c);
        }
        return escaped.ToString();
    }

    // A store's ids end at about 1,000 bytes; 255 characters can be more once escaped or in UTF-8. The hash keeps them apart.
    private static string ItemName(string folded)
    {
        var name = Escape(folded);
        return Encoding.UTF8.GetByteCount(name) <= 800
            ? name
            : "%" + Convert.ToHexString(XxHash128.Hash(Encoding.UTF8.GetBytes(folded)));
    }
}
