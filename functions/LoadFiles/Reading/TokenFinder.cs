using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// What separates cells and rows, in code units of the text: bytes, or 16-bit units in the byte order of the file. A character takes one unit,
/// or two in UTF-8 (then <c>First</c> and <c>Last</c> differ in meaning; else both are the unit). Places with a unit from <c>Strange</c> on that
/// ends no delimiter are there because of the encoding.
/// </summary>
internal readonly record struct TokenSet<T>(
    T ColumnFirst, T ColumnLast, int ColumnLength, T QuoteFirst, T QuoteLast, int QuoteLength, T Cr, T Lf, T Strange)
    where T : unmanaged;

/// <summary>
/// Finds, many units at a time, the places a row scanner must look at: the last unit of every delimiter, line ends, and the first of
/// each run of units that may be wrong in the encoding. Quotes directly before and after a column character are left out, when seen in the same
/// block: the scanner looks there anyway, and they are two thirds of all places.
/// </summary>
internal abstract class TokenFinder<T>(TokenSet<T> tokens)
    where T : unmanaged
{
    /// <summary>The delimiters.</summary>
    protected readonly TokenSet<T> Tokens = tokens;

    /// <summary>Writes the places from <paramref name="from"/> to <paramref name="to"/>, ascending, and returns how many.</summary>
    /// <param name="text">The text; what stands before <paramref name="from"/> is looked at for characters that begin there.</param>
    /// <param name="from">The first unit to look at.</param>
    /// <param name="to">The end.</param>
    /// <param name="places">Room for twice as many as there are units, and 64 more.</param>
    public abstract int Find(ReadOnlySpan<T> text, int from, int to, int[] places);

    /// <summary>
    /// Where the text beyond ASCII that begins at a suspicious place ends, when it is short and sound, as a few accented letters are; else −1,
    /// and the whole row is looked at in the end.
    /// </summary>
    public abstract int EndOfSoundText(ReadOnlySpan<T> text, int at);

    /// <summary>Writes the set bits as places from <paramref name="offset"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static int Emit(ulong bits, int offset, ref int places, int count)
    {
        // Four at a time whether there are as many or not: guessing how many there are costs more than writing too many.
        var end = count + BitOperations.PopCount(bits);
        for (; count < end; count += 4)
        {
            ref var place = ref Unsafe.Add(ref places, count);
            place = offset + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref place, 1) = offset + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref place, 2) = offset + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref place, 3) = offset + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
        }

        return end;
    }
}

/// <summary>Finds places in bytes: UTF-8 and every encoding of one byte a character.</summary>
internal sealed class ByteTokenFinder(TokenSet<byte> tokens) : TokenFinder<byte>(tokens)
{
    public override int Find(ReadOnlySpan<byte> text, int from, int to, int[] places)
    {
        ref var destination = ref MemoryMarshal.GetArrayDataReference(places);
        var count = 0;
        // Whether the unit before the block is the first half of a two-byte delimiter.
        var columnCarry = Tokens.ColumnLength == 2 && from > 0 && text[from - 1] == Tokens.ColumnFirst ? 1ul : 0;
        var quoteCarry = Tokens.QuoteLength == 2 && from > 0 && text[from - 1] == Tokens.QuoteFirst ? 1ul : 0;
        Span<byte> last = stackalloc byte[64];
        ref var start = ref MemoryMarshal.GetReference(text);
        for (var at = from; at < to; at += 64)
        {
            var valid = ulong.MaxValue;
            scoped ref byte block = ref Unsafe.Add(ref start, at);
            if (to - at < 64)
            {
                last.Clear();
                text[at..to].CopyTo(last);
                block = ref last[0];
                valid = (1ul << (to - at)) - 1;
            }

            var bits = Bits(ref block, valid, ref columnCarry, ref quoteCarry, out var stray);
            if (stray) Unsafe.Add(ref destination, count++) = at - 1;
            count = Emit(bits, at, ref destination, count);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Bits(ref byte block, ulong valid, ref ulong columnCarry, ref ulong quoteCarry, out bool stray)
    {
        var column = Equal(ref block, Tokens.ColumnLast) & valid;
        var quote = Tokens.QuoteLength == 0 ? 0 : Equal(ref block, Tokens.QuoteLast) & valid;
        var ends = (Equal(ref block, Tokens.Lf) | Equal(ref block, Tokens.Cr)) & valid;
        stray = false;
        if (Tokens.Strange != 0x80) return (quote & ~Beside(column, quote, 1, 1)) | column | ends;

        var beyondAscii = BeyondAscii(ref block) & valid;
        var known = 0ul;
        stray = Pair(ref column, Tokens.ColumnLength, Equal(ref block, Tokens.ColumnFirst) & valid, ref columnCarry, ref known)
            | Pair(ref quote, Tokens.QuoteLength, Equal(ref block, Tokens.QuoteFirst) & valid, ref quoteCarry, ref known);
        var strange = beyondAscii & ~known;
        strange &= ~(strange << 1);
        return (quote & ~Beside(column, quote, Tokens.ColumnLength, Tokens.QuoteLength)) | column | ends | strange;
    }

    // Keeps of the last bytes those that follow their first byte; both are then known to be a character. True when a first byte that
    // ended the block before turns out not to be half of a delimiter.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Pair(ref ulong lastBytes, int length, ulong firstBytes, ref ulong carry, ref ulong known)
    {
        if (length != 2) return false;
        var open = carry != 0 && (lastBytes & 1) == 0;
        lastBytes &= (firstBytes << 1) | carry;
        carry = firstBytes >> 63;
        known |= lastBytes | (lastBytes >> 1) | (carry << 63);
        return open;
    }

    // The last bytes of quotes that stand directly before or behind a column character.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Beside(ulong column, ulong quote, int columnLength, int quoteLength)
    {
        var boundary = column & (quote << columnLength) & (quote >> quoteLength);
        return (boundary >> columnLength) | (boundary << quoteLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(ref byte block, byte value)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create(value)).ExtractMostSignificantBits();
        var wanted = Vector256.Create(value);
        return Vector256.Equals(Vector256.LoadUnsafe(ref block), wanted).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), wanted).ExtractMostSignificantBits() << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BeyondAscii(ref byte block) => Vector512.IsHardwareAccelerated
        ? Vector512.LoadUnsafe(ref block).ExtractMostSignificantBits()
        : Vector256.LoadUnsafe(ref block).ExtractMostSignificantBits()
            | ((ulong)Vector256.LoadUnsafe(ref block, 32).ExtractMostSignificantBits() << 32);

    public override int EndOfSoundText(ReadOnlySpan<byte> text, int at)
    {
        for (var letters = 0; letters < 4; letters++)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out var length) != OperationStatus.Done) return -1;
            at += length;
            if (at < text.Length && text[at] < 0x80) return at;
        }

        return -1;
    }
}

/// <summary>Finds places in 16-bit units: UTF-16 in either byte order.</summary>
internal sealed class Utf16TokenFinder(TokenSet<ushort> tokens, ushort surrogateMask, ushort surrogate) : TokenFinder<ushort>(tokens)
{
    public override int Find(ReadOnlySpan<ushort> text, int from, int to, int[] places)
    {
        ref var destination = ref MemoryMarshal.GetArrayDataReference(places);
        var count = 0;
        var at = from;
        for (; to - at >= 32; at += 32)
        {
            ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at);
            count = Emit(Bits(Vector256.LoadUnsafe(ref start), Vector256.LoadUnsafe(ref start, 16)), at, ref destination, count);
        }

        for (; at < to; at++)
        {
            if (IsPlace(text[at])) places[count++] = at;
        }

        return count;
    }

    public override int EndOfSoundText(ReadOnlySpan<ushort> text, int at) => -1;

    private bool IsPlace(ushort unit) => unit == Tokens.ColumnLast || (unit == Tokens.QuoteLast && Tokens.QuoteLength > 0)
        || unit == Tokens.Cr || unit == Tokens.Lf || (unit & surrogateMask) == surrogate;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Bits(Vector256<ushort> low, Vector256<ushort> high)
    {
        var column = Equal(low, high, Tokens.ColumnLast);
        var quote = Tokens.QuoteLength == 0 ? 0 : Equal(low, high, Tokens.QuoteLast);
        var mask = Vector256.Create(surrogateMask);
        var ends = Equal(low, high, Tokens.Lf) | Equal(low, high, Tokens.Cr) | Equal(low & mask, high & mask, surrogate);
        var boundary = column & (quote << 1) & (quote >> 1);
        return (quote & ~((boundary >> 1) | (boundary << 1))) | column | ends;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(Vector256<ushort> low, Vector256<ushort> high, ushort value)
    {
        var wanted = Vector256.Create(value);
        return Vector256.Narrow(Vector256.Equals(low, wanted), Vector256.Equals(high, wanted)).ExtractMostSignificantBits();
    }
}
