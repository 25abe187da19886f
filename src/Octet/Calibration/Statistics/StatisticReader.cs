using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Octet.Calibration.Statistics;

/// <summary>
/// Reads what <see cref="StatisticWriter"/> wrote. Every method throws <see cref="ErrorCodes.StatisticsMalformed"/> where the bytes end too soon or
/// hold what a writer does not write; memory that is taken is announced and bounded.
/// </summary>
/// <param name="bytes">The bytes.</param>
/// <param name="place">What they are, for messages: <c>"stats.octs"</c>.</param>
public sealed class StatisticReader(ReadOnlyMemory<byte> bytes, string place)
{
    // What is read may take more memory than its bytes, but not without bound.
    private const long LeastBudget = 256 << 20;
    private const int BudgetPerByte = 16;

    private long budget = LeastBudget + ((long)bytes.Length * BudgetPerByte);
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

    /// <summary>UTF-8 with its length before it.</summary>
    public string ReadText()
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Take(ReadLength(1)));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text that is not UTF-8");
        }
    }

    /// <summary>Announces memory that will be taken.</summary>
    /// <param name="size">Its bytes.</param>
    public void Reserve(long size)
    {
        budget -= size;
        if (budget < 0)
        {
            throw Malformed("more than a file of this size can hold");
        }
    }

    /// <summary>Reads several things with their number before them.</summary>
    /// <param name="bytesEach">The fewest bytes that one of them takes, ≥ 1.</param>
    /// <param name="read">Reads one.</param>
    public ImmutableArray<T> ReadSeveral<T>(int bytesEach, Func<StatisticReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var all = ImmutableArray.CreateBuilder<T>();
        for (int left = ReadLength(bytesEach); left > 0; left--)
        {
            all.Add(read(this));
        }

        return all.DrainToImmutable();
    }

    /// <summary>Reads a part that has its length before it and must be read to its end.</summary>
    /// <param name="read">Reads it.</param>
    public void ReadPart(Action<StatisticReader> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        int length = ReadLength(1);
        int last = position + length;
        read(this);
        if (position != last)
        {
            throw Malformed($"a part of {length} bytes that holds {length + position - last}");
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
