using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Octet.Calibration.Statistics;

/// <summary>Writes the numbers of a statistic, little-endian.</summary>
public sealed class StatisticWriter
{
    private readonly ArrayBufferWriter<byte> buffer;

    /// <summary>Makes an empty writer.</summary>
    /// <param name="capacity">Bytes that will mostly suffice, ≥ 0.</param>
    public StatisticWriter(int capacity = 0)
    {
        buffer = capacity > 0 ? new(capacity) : new();
    }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>A count or an index: seven bits a byte, the lowest first, the highest bit set but in the last.</summary>
    /// <param name="value">≥ 0.</param>
    public void WriteCount(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ulong rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            WriteByte((byte)(rest | 0x80));
        }

        WriteByte((byte)rest);
    }

    /// <summary>Eight bytes.</summary>
    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    /// <summary>Four bytes.</summary>
    public void WriteSingle(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(sizeof(float)), value);
        buffer.Advance(sizeof(float));
    }

    /// <summary>Four bytes each.</summary>
    public void WriteSingles(ReadOnlySpan<float> values)
    {
        const int chunk = 1 << 14;
        for (int start = 0; start < values.Length; start += chunk)
        {
            var some = values.Slice(start, Math.Min(chunk, values.Length - start));
            var room = buffer.GetSpan(some.Length * sizeof(float));
            for (int i = 0; i < some.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(room[(i * sizeof(float))..], some[i]);
            }

            buffer.Advance(some.Length * sizeof(float));
        }
    }

    /// <summary>Eight bytes.</summary>
    public void WriteDouble(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>The length, then the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteCount(bytes.Length);
        buffer.Write(bytes);
    }

    /// <summary>UTF-8, with its length before it.</summary>
    public void WriteText(string text) => WriteBytes(Encoding.UTF8.GetBytes(text));

    private void WriteByte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }
}
