using System.Security.Cryptography;
using System.Text;
using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>An array in a file: its values stay there and are read row by row (along the first dimension) or as a whole, from any thread.</summary>
internal sealed class ArrayFile
{
    private const long MaxBytes = 1L << 31;

    private readonly RandomBytes bytes;
    private readonly long offset;
    private readonly bool bigEndian;
    private readonly string place;

    /// <summary>Makes an array over the bytes of a file.</summary>
    /// <param name="place">How errors name the file.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="offset">Where the values start.</param>
    /// <param name="type">Type of the values, of 8 to 64 bits.</param>
    /// <param name="shape">Dimensions, in row-major order.</param>
    /// <param name="bigEndian">Whether the most significant byte of a value comes first.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ArrayMalformed"/>: the file is shorter than its shape says.</exception>
    internal ArrayFile(string place, RandomBytes bytes, long offset, ElementType type, Shape shape, bool bigEndian)
    {
        long width = type.BitWidth() / 8;
        if (shape.Count > (bytes.Length - offset) / width)
        {
            throw new OctetException(
                ErrorCodes.ArrayMalformed, $"{place} says that it holds {type}{shape}, which takes {shape.Count} x {width} bytes, but only {bytes.Length - offset} follow", "copy it again; it is cut off");
        }

        this.place = place;
        this.bytes = bytes;
        this.offset = offset;
        this.bigEndian = bigEndian;
        Type = type;
        Shape = shape;
    }

    internal ElementType Type { get; }

    internal Shape Shape { get; }

    /// <summary>The shape of a row: without the first dimension.</summary>
    internal Shape RowShape => new(Shape.Dimensions.AsSpan()[1..]);

    /// <summary>All values.</summary>
    internal Tensor ReadAll() => Read(0, Shape);

    /// <summary>Row <paramref name="index"/> of the first dimension.</summary>
    internal Tensor ReadRow(long index)
    {
        var shape = RowShape;
        return Read(index * shape.Count, shape);
    }

    /// <summary>SHA-256 over type, shape and values.</summary>
    internal byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Type}{Shape}{(bigEndian ? ">" : "<")}"));
        var buffer = new byte[1 << 20];
        long end = offset + Type.ByteCount(Shape.Count);
        for (long at = offset; at < end; at += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at));
            Fill(at, part);
            hash.AppendData(part);
        }

        return hash.GetHashAndReset();
    }

    private Tensor Read(long first, Shape shape)
    {
        long length = Type.ByteCount(shape.Count);
        if (length >= MaxBytes - 64)
        {
            throw new OctetException(ErrorCodes.ArrayTooLarge, $"{place}: {Type}{shape} takes {length} bytes, samples may take less than {MaxBytes}");
        }

        int width = Type.BitWidth() / 8;
        var values = new byte[length];
        Fill(offset + first * width, values);
        if (bigEndian && width > 1)
        {
            for (int i = 0; i < values.Length; i += width)
            {
                values.AsSpan(i, width).Reverse();
            }
        }

        return Tensor.FromArray(Type, values, shape);
    }

    private void Fill(long at, Span<byte> destination)
    {
        try
        {
            bytes.Read(at, destination);
        }
        catch (IOException e)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"{place} cannot be read: {e.Message}", innerException: e);
        }
    }
}
