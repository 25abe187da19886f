using System.Buffers.Binary;
using System.Text;

namespace Octet.Calibration.Statistics;

/// <summary>
/// Reads what <see cref="StatisticWriter"/> wrote. Every method throws <see cref="ErrorCodes.StatisticsMalformed"/> where the bytes end too soon or
/// hold what a writer does not write; nothing is allocated that the bytes at hand could not fill.
/// </summary>
/// <param name="bytes">The bytes.</param>
/// <param name="place">What they are, for messages: <c>"stats.octs"</c>.</param>
public sealed class StatisticReader(ReadOnlyMemory<byte> bytes, string place)
{
    private int position;

    /// <summary>Bytes not read yet.</summary>
    public int Left => bytes.Length - position;

    /// <summary>A count or an index.</summary>
    /// <param name="most">The largest that makes sense.</param>
    public long ReadCount(long most = long.MaxValue)
    {
        ulong value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= (ulong)most ? (long)value : throw Malformed($"a count of {value} where at most {most} make sense");
            }
        }

        throw Malformed("a number without end");
    }

    /// <summary>The number of things that follow.</summary>
    /// <param name="bytesEach">The fewest bytes that one of them takes, ≥ 1.</param>
    public int ReadLength(int bytesEach) => (int)ReadCount(Left / bytesEach);

    /// <summary>Eight bytes.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>Four bytes.</summary>
    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <summary>Eight bytes.</summary>
    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>Bytes with their length before them; not copied.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        int length = ReadLength(1);
        position += length;
        return bytes.Slice(position - length, length);
    }

    /// <summary>UTF-8 with its length before it.</summary>
    public string ReadText()
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(ReadBytes().Span);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text that is not UTF-8");
        }
    }

    /// <summary>The end must be reached.</summary>
    public void End()
    {
        if (Left > 0)
        {
            throw Malformed($"{Left} bytes too many");
        }
    }

    /// <summary>The error for bytes that no writer wrote.</summary>
    /// <param name="found">What was found.</param>
    public OctetException Malformed(string found)
        => new(ErrorCodes.StatisticsMalformed, $"{place} is no file of statistics, or is damaged: {found} at byte {position}", "make it again with octet calibrate");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw Malformed("it ends too soon");
        }

        position += count;
        return bytes.Span.Slice(position - count, count);
    }
}
