using System.Text;

namespace IntegrationPoints.Engine.Checks;

/// <summary>What a fact is about. The values are their order in a sorted run.</summary>
public enum FactKind : byte
{
    /// <summary>A range of numbers: key the folded prefix, A and B the first and the last number, C how many digits.</summary>
    Range = 1,

    /// <summary>A document of a family by group: key the folded group, A its ordinal, B 1 when its identifier is the group's.</summary>
    Group = 2,

    /// <summary>
    /// A document of a family by attachment range: key the range's folded prefix, its first and last number in digits of one length; A the
    /// document's ordinal, B and C its own first and last number.
    /// </summary>
    Attachment = 3,

    /// <summary>
    /// A document: key the folded identifier. A 0: it is in the load file, B its batch, C the families begun before it in the batch. A 1: a
    /// row names it as its parent, B and C of that row.
    /// </summary>
    Document = 4,

    /// <summary>A document's hash: key the hash, A its ordinal.</summary>
    Hash = 5,

    /// <summary>A file: key its folded path below the base folder. A 0: it is there, B its bytes. A 1: it is referred to, B 0 native, 1 text, 2 image.</summary>
    File = 6,

    /// <summary>
    /// A document in both load files, matched by identifier: key the folded identifier. A 0: a row, B and C its first and last number, both 0
    /// when it has none. A 1: a document of the image load file, B its pages.
    /// </summary>
    ImagesById = 7,

    /// <summary>As <see cref="ImagesById"/>, matched by the first Bates number.</summary>
    ImagesByBates = 8,

    /// <summary>A page: key its folded id.</summary>
    Page = 9,
}

/// <summary>
/// A small thing that a batch leaves for the end of a check, when all of a kind are looked at in the order of their keys: what only the whole
/// file shows.
/// </summary>
/// <param name="Kind">What it is about; the other members mean what it says.</param>
/// <param name="Key">What it is sorted and grouped by.</param>
/// <param name="A">The first number.</param>
/// <param name="B">The second number.</param>
/// <param name="C">The third number.</param>
/// <param name="Line">The line of the load file; 0 when there is none.</param>
/// <param name="Id">The identifier, number or path as it is written.</param>
public readonly record struct Fact(FactKind Kind, string Key, long A, long B, long C, long Line, string Id) : IComparable<Fact>
{
    /// <summary>The longest text that a fact holds; what is longer is cut.</summary>
    public const int LongestText = 1024;

    /// <summary>B of a reference to an image file; natives and texts are counted where rows are read, images only at the end.</summary>
    public const long ImageFile = 2;

    /// <inheritdoc/>
    public int CompareTo(Fact other)
    {
        var order = Kind.CompareTo(other.Kind);
        if (order == 0) order = string.CompareOrdinal(Key, other.Key);
        if (order == 0) order = A.CompareTo(other.A);
        if (order == 0) order = B.CompareTo(other.B);
        return order != 0 ? order : Line.CompareTo(other.Line);
    }

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write((byte)Kind);
        writer.Write(Cut(Key));
        writer.Write7BitEncodedInt64(A);
        writer.Write7BitEncodedInt64(B);
        writer.Write7BitEncodedInt64(C);
        writer.Write7BitEncodedInt64(Line);
        writer.Write(Cut(Id));
    }

    /// <summary>Reads the next one; null at the end.</summary>
    public static Fact? Read(BinaryReader reader)
    {
        var kind = reader.BaseStream.ReadByte();
        return kind < 0
            ? null
            : new Fact(
                (FactKind)kind, reader.ReadString(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(),
                reader.Read7BitEncodedInt64(), reader.ReadString());
    }

    /// <summary>The encoding of runs: half a character of a hostile value is written as a replacement.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];

    /// <summary>Whether it comes before the other.</summary>
    public static bool operator <(Fact left, Fact right) => left.CompareTo(right) < 0;

    /// <summary>Whether it comes after the other.</summary>
    public static bool operator >(Fact left, Fact right) => left.CompareTo(right) > 0;

    /// <summary>Whether it comes before the other or with it.</summary>
    public static bool operator <=(Fact left, Fact right) => left.CompareTo(right) <= 0;

    /// <summary>Whether it comes after the other or with it.</summary>
    public static bool operator >=(Fact left, Fact right) => left.CompareTo(right) >= 0;
}
