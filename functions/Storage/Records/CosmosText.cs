using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace IntegrationPoints.Storage;

/// <summary>Ids and sort keys in the form in which every Cosmos DB server and client treats them alike.</summary>
internal static class CosmosText
{
    private const int MaxIdBytes = 1023;

    // From here on the order of UTF-16, by which some servers compare, is not that of UTF-8. The character itself is unassigned.
    private const char Mark = '\ud7ff';

    private static readonly SearchValues<char> Unsafe = SearchValues.Create("%~/\\?#");

    /// <summary>
    /// The id under which an item is stored. Ids are part of addresses, and a percent sign or a blank at an end is lost or refused on the way
    /// (azure-cosmos-dotnet-v2 issue 458, azure-cosmos-dotnet-v3 issue 3507). Two ids never become one.
    /// </summary>
    public static string Id(string id)
    {
        if (!id.AsSpan().ContainsAny(Unsafe) && !id.StartsWith(' ') && !id.EndsWith(' ')) return id;
        var safe = new StringBuilder(id.Length + 16);
        for (var i = 0; i < id.Length; i++)
        {
            if (Unsafe.Contains(id[i]) || (id[i] == ' ' && (i == 0 || i == id.Length - 1))) safe.Append(null, $"~{(int)id[i]:x2}");
            else safe.Append(id[i]);
        }
        var text = safe.ToString();
        return Encoding.UTF8.GetByteCount(text) <= MaxIdBytes ? text : "~" + Convert.ToHexString(XxHash128.Hash(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>A sort key, or the beginning of one, whose order is the same by UTF-8 as by UTF-16; ordinary text as it is.</summary>
    public static string Sort(string sort)
    {
        if (!sort.AsSpan().ContainsAnyInRange(Mark, '\uffff')) return sort;
        var ordered = new StringBuilder(sort.Length + 16);
        foreach (var rune in sort.EnumerateRunes())
        {
            if (rune.Value < Mark) ordered.Append((char)rune.Value);
            else ordered.Append(Mark).Append(null, $"{rune.Value:x6}");
        }
        return ordered.ToString();
    }

    /// <summary>The sort key that was stored.</summary>
    public static string Unsort(string ordered)
    {
        if (!ordered.Contains(Mark)) return ordered;
        var sort = new StringBuilder(ordered.Length);
        for (var i = 0; i < ordered.Length; i++)
        {
            if (ordered[i] != Mark)
            {
                sort.Append(ordered[i]);
                continue;
            }
            sort.Append(new Rune(int.Parse(ordered.AsSpan(i + 1, 6), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
            i += 6;
        }
        return sort.ToString();
    }
}
