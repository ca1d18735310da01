using System.Globalization;
using System.Text;
using IntegrationPoints.Providers.Images;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// Copies pages of a PDF into another, with all that they refer to, each object once and its streams as they are. What belongs to the file and not to
/// its pages stays behind: outlines, scripts, forms, attached files. Layers come along, so that what was hidden stays hidden.
/// </summary>
internal sealed class PdfSource : IDisposable
{
    // The library stops far before that when it reads.
    private const int MostLevels = 1000;

    private static readonly NameToken[] Inherited = [NameToken.Resources, NameToken.MediaBox, NameToken.CropBox, NameToken.Rotate];
    private static readonly NameToken Layers = NameToken.Create("OCProperties");

    // Of a page: what leads to other pages or to the structure of the file.
    private static readonly HashSet<string> LeftBehind = ["Parent", "B", "StructParents", "Rotate", "PieceInfo", "Metadata", "Thumb"];

    private readonly PdfDocument source;
    private readonly PdfWriter target;
    private readonly int tree;
    private readonly List<Node> pages = [];
    private readonly HashSet<IndirectReference> nodes = [];
    private readonly Dictionary<IndirectReference, int> numbers = [];
    private readonly Queue<IndirectReference> waiting = [];

    /// <summary>Opens a file that was found to be a PDF; copies go to <paramref name="target"/>, below its page tree.</summary>
    public PdfSource(Stream file, PdfWriter target, int tree)
    {
        (this.target, this.tree) = (target, tree);
        source = PdfDocument.Open(file, new ParsingOptions { FilterProvider = new PdfStreams() });
        var left = new Stack<(IToken Token, Node? Parent)>();
        if (Catalog.TryGet(NameToken.Pages, out var root)) left.Push((root, null));
        while (left.TryPop(out var next))
        {
            // A node without a number of its own cannot be referred to, and one that was there already is not there twice.
            if (next.Token is not IndirectReferenceToken { Data: var reference } || !nodes.Add(reference) || Resolve(next.Token) is not DictionaryToken dictionary) continue;
            var node = new Node(reference, dictionary, next.Parent);
            if (dictionary.TryGet(NameToken.Kids, out var kids) && Resolve(kids) is ArrayToken children)
                foreach (var child in children.Data.Reverse()) left.Push((child, node));
            else
                pages.Add(node);
        }
    }

    private DictionaryToken Catalog => source.Structure.Catalog.CatalogDictionary;

    /// <summary>How many pages it has.</summary>
    public int Pages => pages.Count;

    /// <summary>Copies pages.</summary>
    /// <param name="chosen">Number of each, from 1, and the degrees by which it is turned on.</param>
    /// <returns>The numbers of the copies, and what the catalog says of layers; null: nothing.</returns>
    public async Task<(List<int> Pages, string? Layers)> CopyAsync(IReadOnlyList<(int Number, int Degrees)> chosen)
    {
        // First, so that links between the pages find them.
        var copies = chosen.Select(_ => target.Reserve()).ToList();
        for (var i = 0; i < chosen.Count; i++) numbers.TryAdd(pages[chosen[i].Number - 1].Reference, copies[i]);
        for (var i = 0; i < chosen.Count; i++)
        {
            await target.ObjectAsync(copies[i], Page(pages[chosen[i].Number - 1], chosen[i].Degrees));
            await DrainAsync();
        }
        var layers = Catalog.TryGet(Layers, out var said) ? Text(said) : null;
        await DrainAsync();
        return (copies, layers);
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private string Page(Node node, int degrees)
    {
        var entries = node.Dictionary.Data.Where(e => !LeftBehind.Contains(e.Key)).ToDictionary(e => e.Key, e => e.Value);
        IToken? turned = null;
        for (Node? at = node; at is not null; at = at.Parent)
        {
            foreach (var name in Inherited)
            {
                if (!at.Dictionary.TryGet(name, out var value)) continue;
                if (name == NameToken.Rotate) turned ??= value;
                else entries.TryAdd(name.Data, value);
            }
        }
        var turn = new PageTurn().By((Resolve(turned) is NumericToken number ? (int)Math.Clamp(number.Double, -36_000, 36_000) : 0) + degrees);
        var text = new StringBuilder("<<").Append(CultureInfo.InvariantCulture, $"/Parent {tree} 0 R/Rotate {turn.Degrees}");
        Append(text, entries, 0);
        return text.Append(">>").ToString();
    }

    private IToken? Resolve(IToken? token) => token is IndirectReferenceToken reference ? source.Structure.GetObject(reference.Data)?.Data : token;

    // One after the other and not each within the one that refers to it: chains may be as long as the file.
    private async Task DrainAsync()
    {
        while (waiting.TryDequeue(out var reference))
        {
            var data = source.Structure.GetObject(reference)?.Data;
            if (data is not StreamToken stream)
            {
                await target.ObjectAsync(numbers[reference], Text(data ?? NullToken.Instance));
                continue;
            }
            var dictionary = new StringBuilder();
            Append(dictionary, stream.StreamDictionary.Data.Where(e => e.Key != "Length"), 0);
            await target.StreamAsync(numbers[reference], dictionary.ToString(), stream.Data.Length, () => target.BytesAsync(stream.Data));
        }
    }

    private string Text(IToken token)
    {
        var text = new StringBuilder();
        Append(text, token, 0);
        return text.ToString();
    }

    private void Append(StringBuilder text, IEnumerable<KeyValuePair<string, IToken>> entries, int level)
    {
        foreach (var (name, value) in entries)
        {
            Plain(text, NameToken.Create(name));
            text.Append(' ');
            Append(text, value, level + 1);
        }
    }

    private void Append(StringBuilder text, IToken token, int level)
    {
        if (level > MostLevels) throw new InvalidDataException("Values of the PDF lie in each other too deep.");
        switch (token)
        {
            case IndirectReferenceToken reference:
                text.Append(Number(reference.Data) is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number} 0 R") : "null");
                break;
            case DictionaryToken dictionary:
                text.Append("<<");
                Append(text, dictionary.Data, level);
                text.Append(">>");
                break;
            case ArrayToken array:
                text.Append('[');
                foreach (var item in array.Data)
                {
                    Append(text, item, level + 1);
                    text.Append(' ');
                }
                text.Append(']');
                break;
            case StringToken words:
                text.Append('<').Append(Convert.ToHexString(words.GetBytes())).Append('>');
                break;
            default:
                Plain(text, token);
                break;
        }
    }

    // Other pages are not copied for a link to them.
    private int? Number(IndirectReference reference)
    {
        if (numbers.TryGetValue(reference, out var known)) return known;
        if (nodes.Contains(reference)) return null;
        numbers.Add(reference, known = target.Reserve());
        waiting.Enqueue(reference);
        return known;
    }

    private static void Plain(StringBuilder text, IToken token)
    {
        using var bytes = new MemoryStream();
        TokenWriter.Instance.WriteToken(token, bytes);
        text.Append(Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private sealed record Node(IndirectReference Reference, DictionaryToken Dictionary, Node? Parent);
}
