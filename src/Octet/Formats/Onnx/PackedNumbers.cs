using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Octet.Formats.Onnx;

/// <summary>Decodes the packed number fields of a tensor into a buffer of exactly the size that the tensor's shape states.</summary>
internal static class PackedNumbers
{
    /// <summary>Numbers of fixed width: the pieces of the field one after another.</summary>
    public static ReadOnlyMemory<byte> Join(RepeatedField<ByteString> pieces)
    {
        if (pieces.Count == 1)
        {
            return pieces[0].Memory;
        }

        var joined = new byte[pieces.Sum(p => p.Length)];
        int position = 0;
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(joined.AsSpan(position));
            position += piece.Length;
        }

        return joined;
    }

    /// <summary>Numbers of variable width (7 bits a byte, the lowest first), stored little-endian with <paramref name="width"/> bytes each.</summary>
    /// <exception cref="OctetException">There are not <paramref name="count"/> numbers, or one is longer than 10 bytes.</exception>
    public static ReadOnlyMemory<byte> Decode(RepeatedField<ByteString> pieces, int width, long count, string place)
    {
        long stored = pieces.Sum(p => (long)Count(p.Span));
        if (stored != count)
        {
            throw OnnxErrors.BadTensor(place, $"its dimensions need {count} stored numbers, but there are {stored}");
        }

        var result = new byte[checked(count * width)];
        Span<byte> number = stackalloc byte[8];
        int position = 0;
        foreach (var piece in pieces)
        {
            var bytes = piece.Span;
            for (int i = 0; i < bytes.Length;)
            {
                ulong value = 0;
                int shift = 0;
                byte next;
                do
                {
                    if (i == bytes.Length || shift > 63)
                    {
                        throw OnnxErrors.BadTensor(place, "a stored number is cut off or longer than 10 bytes");
                    }

                    next = bytes[i++];
                    value |= (ulong)(next & 0x7F) << shift;
                    shift += 7;
                }
                while (next >= 0x80);

                BinaryPrimitives.WriteUInt64LittleEndian(number, value);
                number[..width].CopyTo(result.AsSpan(position));
                position += width;
            }
        }

        return result;
    }

    /// <summary>Packs 6-bit elements that take a byte each: the first in the lowest bits, four in three bytes.</summary>
    public static ReadOnlyMemory<byte> PackSixBits(ReadOnlyMemory<byte> elements)
    {
        var packed = new byte[((long)elements.Length * 6 + 7) / 8];
        for (int i = 0; i < elements.Length; i++)
        {
            int bit = (int)((long)i * 6 % 8);
            int index = (int)((long)i * 6 / 8);
            int shifted = (elements.Span[i] & 0x3F) << bit;
            packed[index] |= (byte)shifted;
            if (bit > 2)
            {
                packed[index + 1] |= (byte)(shifted >> 8);
            }
        }

        return packed;
    }

    /// <summary>How many numbers of variable width end within the bytes.</summary>
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        foreach (byte value in bytes)
        {
            count += (value >> 7) ^ 1;
        }

        return count;
    }
}
