using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>
/// Reads NumPy's .npy format, versions 1 to 3 (NumPy Enhancement Proposal 1): booleans, integers and floats of 8 to 64 bits, of either
/// byte order. Arrays in Fortran order are brought to row-major order in memory. Nothing in the file is ever executed (no pickles).
/// </summary>
internal static partial class NpyReader
{
    private const int MaxHeader = 1 << 16;
    private const int MaxRank = 32;
    private const long MaxFortranBytes = 1 << 28;

    /// <summary>Opens an .npy file.</summary>
    /// <exception cref="OctetException">The file is missing, malformed, or of a type that is not read.</exception>
    internal static ArrayFile Open(string path) => Open(RandomBytes.OfFile(path), $"\"{path}\"");

    /// <summary>Opens the bytes of an .npy file.</summary>
    internal static ArrayFile Open(RandomBytes bytes, string place)
    {
        var (header, offset) = ReadHeader(bytes, place);
        var (typeField, orderField, shapeField) = (TypeField().Match(header), OrderField().Match(header), ShapeField().Match(header));
        if (!typeField.Success || !orderField.Success || !shapeField.Success)
        {
            throw Malformed(place, $"its header is not that of a plain array: {header.Trim()}");
        }

        var (type, bigEndian) = TypeOf(typeField.Groups[1].Value, place);
        bool fortran = orderField.Groups[1].Value == "True";
        var shape = ShapeOf(shapeField.Groups[1].Value, place);
        var array = new ArrayFile(place, bytes, offset, type, shape, bigEndian);
        return fortran && shape.Rank > 1 ? RowMajor(array, place) : array;
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{2,8})'", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex TypeField();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex OrderField();

    [GeneratedRegex(@"'shape'\s*:\s*\(([\d,\sL]*)\)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex ShapeField();

    private static (string Header, long Offset) ReadHeader(RandomBytes bytes, string place)
    {
        Span<byte> start = stackalloc byte[12];
        if (bytes.Length < 10)
        {
            throw Malformed(place, "it is too short");
        }

        bytes.Read(0, start[..10]);
        int version = start[6];
        if (!start.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']) || version is < 1 or > 3)
        {
            throw Malformed(place, "it does not start as .npy files do");
        }

        int fixedLength = version == 1 ? 10 : 12;
        if (bytes.Length < fixedLength)
        {
            throw Malformed(place, "it is too short");
        }

        bytes.Read(0, start[..fixedLength]);
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > MaxHeader || fixedLength + length > bytes.Length)
        {
            throw Malformed(place, $"its header of {length} bytes does not end");
        }

        var header = new byte[length];
        bytes.Read(fixedLength, header);
        return (Encoding.UTF8.GetString(header), fixedLength + length);
    }

    private static (ElementType Type, bool BigEndian) TypeOf(string descr, string place)
    {
        ElementType type = descr[1..] switch
        {
            "b1" => ElementType.Boolean,
            "i1" => ElementType.Int8,
            "u1" => ElementType.UInt8,
            "i2" => ElementType.Int16,
            "u2" => ElementType.UInt16,
            "f2" => ElementType.Float16,
            "i4" => ElementType.Int32,
            "u4" => ElementType.UInt32,
            "f4" => ElementType.Float32,
            "i8" => ElementType.Int64,
            "u8" => ElementType.UInt64,
            "f8" => ElementType.Float64,
            _ => ElementType.Undefined,
        };
        return type != ElementType.Undefined && descr[0] is '<' or '>' or '|' or '='
            ? (type, descr[0] == '>')
            : throw new OctetException(ErrorCodes.ArrayTypeUnsupported, $"{place} holds values of NumPy type \"{descr}\"", "save it as booleans, integers or floats of 8 to 64 bits");
    }

    private static Shape ShapeOf(string text, string place)
    {
        string[] parts = text.Replace("L", "", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var dimensions = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i]))
            {
                throw Malformed(place, $"its shape is ({text})");
            }
        }

        try
        {
            return dimensions.Length <= MaxRank ? new Shape(dimensions) : throw Malformed(place, $"it has {dimensions.Length} dimensions, {MaxRank} at most are read");
        }
        catch (OverflowException e)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"{place} is malformed: its shape ({text}) is impossible", innerException: e);
        }
    }

    private static ArrayFile RowMajor(ArrayFile array, string place)
    {
        int width = array.Type.BitWidth() / 8;
        if (array.Shape.Count * width > MaxFortranBytes)
        {
            throw new OctetException(
                ErrorCodes.ArrayTooLarge, $"{place} is in Fortran order and takes {array.Shape.Count * width} bytes, {MaxFortranBytes} at most are reordered", "save it with numpy.ascontiguousarray");
        }

        var source = array.ReadAll().AsSpan<byte>();
        var result = new byte[source.Length];
        var dimensions = array.Shape.Dimensions;
        var position = new long[dimensions.Length];
        var strides = new long[dimensions.Length];
        long stride = 1;
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            strides[axis] = stride;
            stride *= dimensions[axis];
        }

        long from = 0;
        for (int to = 0; to < result.Length; to += width)
        {
            source.Slice((int)(from * width), width).CopyTo(result.AsSpan(to));
            for (int axis = dimensions.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++position[axis] < dimensions[axis])
                {
                    break;
                }

                from -= strides[axis] * dimensions[axis];
                position[axis] = 0;
            }
        }

        return new ArrayFile(place, RandomBytes.OfMemory(result), 0, array.Type, array.Shape, false);
    }

    private static OctetException Malformed(string place, string problem) => new(ErrorCodes.ArrayMalformed, $"{place} is malformed: {problem}", "save it again with numpy.save");
}
