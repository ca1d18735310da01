using System.Buffers.Binary;
using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>
/// What documents are ordered by, as bytes that are compared as they are: column by column, then the identifier as listings are ordered by it. Text is
/// compared without regard to case by its characters' numbers, numbers as numbers, dates by time, no before yes; blank values come last.
/// </summary>
internal sealed class SortKey
{
    private const byte Present = 1, Blank = 2, End = 0;
    private byte[] bytes = new byte[64];
    private int length;

    /// <summary>Adds a value of a field, as records hold it; what is no value of its type counts as blank.</summary>
    public SortKey Then(object? value, FieldType type, bool descending)
    {
        if (type is FieldType.Decimal or FieldType.Currency) value = value is string digits && Amounts.TryRead(digits, out var amount) ? amount : null;
        if (value is not (int or bool or decimal or string { Length: > 0 }))
        {
            Add([Blank]);
            return this;
        }
        Add([Present]);
        var start = length;
        switch (value)
        {
            case int number: AddNumber(number); break;
            case bool yes: Add([yes ? (byte)1 : (byte)0]); break;
            case decimal number: AddDecimal(number); break;
            case string text: AddText(text); break;
        }
        if (descending) Complement(start);
        return this;
    }

    /// <summary>
    /// Adds a Bates number: digits count as the numbers that they are, so that ABC999 comes before ABC1000, and what follows them (ABC0001.0002) comes
    /// between it and the next.
    /// </summary>
    public SortKey ThenBates(string? number)
    {
        if (string.IsNullOrEmpty(number))
        {
            Add([Blank]);
            return this;
        }
        Add([Present]);
        var rest = number.Trim().ToUpperInvariant().AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? rest[..end] : rest;
            if (digits.IsEmpty)
            {
                var next = rest.IndexOfAnyInRange('0', '9');
                AddEscaped(next < 0 ? rest : rest[..next]);
                rest = next < 0 ? default : rest[next..];
                continue;
            }
            // Of two numbers the one with more digits is the larger one.
            var significant = digits.TrimStart('0');
            Add([(byte)'0', (byte)(significant.Length >> 8), (byte)significant.Length]);
            AddEscaped(significant);
            rest = rest[digits.Length..];
        }
        Add([End, End]);
        return this;
    }

    /// <summary>The key, which ends with the document's identifier.</summary>
    public byte[] ThenIdentifier(string identifier)
    {
        Add(Encoding.UTF8.GetBytes(Identifier.Fold(identifier)));
        return bytes[..length];
    }

    private void AddText(string text)
    {
        AddEscaped(text.ToUpperInvariant());
        Add([End, End]);
    }

    // A shorter text comes before a longer one that begins with it, whatever follows in the key.
    private void AddEscaped(ReadOnlySpan<char> text)
    {
        var span = Take(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, span);
        if (!span.Contains(End)) return;
        var plain = span.ToArray();
        length -= plain.Length;
        foreach (var b in plain) Add(b == End ? [End, 0xFF] : [b]);
    }

    private void AddNumber(int number) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), (uint)number ^ 0x8000_0000);

    // Its whole part and 28 digits behind the point, each of 96 bits; those of a negative number the other way round.
    private void AddDecimal(decimal number)
    {
        Add([number < 0 ? (byte)0 : (byte)1]);
        var start = length;
        var whole = decimal.Truncate(Math.Abs(number));
        AddInteger(whole);
        AddInteger((Math.Abs(number) - whole) * 1e28m);
        if (number < 0) Complement(start);
    }

    private void AddInteger(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(decimal.Truncate(number), parts);
        var span = Take(12);
        for (var i = 0; i < 3; i++) BinaryPrimitives.WriteInt32BigEndian(span[(4 * i)..], parts[2 - i]);
    }

    private void Add(ReadOnlySpan<byte> added) => added.CopyTo(Take(added.Length));

    private Span<byte> Take(int count)
    {
        if (length + count > bytes.Length) Array.Resize(ref bytes, Math.Max(length + count, bytes.Length * 2));
        length += count;
        return bytes.AsSpan(length - count, count);
    }

    private void Complement(int start)
    {
        foreach (ref var b in bytes.AsSpan(start, length - start)) b = (byte)~b;
    }
}
