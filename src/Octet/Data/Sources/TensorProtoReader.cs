using System.Buffers.Binary;
using Google.Protobuf;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>
/// Reads the files of ONNX test data sets, each one TensorProto (onnx.proto of the ONNX specification). Only numbers of 8 to 64 bits,
/// with their values in the file.
/// </summary>
internal static class TensorProtoReader
{
    private const long MaxFileLength = 1L << 30;
    private const int MaxRank = 32;

    /// <summary>Reads a tensor and its name.</summary>
    /// <exception cref="OctetException">The file is missing, malformed or holds something else.</exception>
    internal static (string Name, Tensor Tensor) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileLength)
            {
                throw new OctetException(ErrorCodes.ArrayTooLarge, $"\"{path}\" takes more than {MaxFileLength} bytes");
            }

            // Pipes and devices report no length and would block or never end: they are not opened.
            return Parse(new FileInfo(path) is { Exists: true, Length: 0 } ? [] : File.ReadAllBytes(path), path);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" is no ONNX tensor: {e.Message}", innerException: e);
        }
        catch (OverflowException e)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" is no ONNX tensor: its dimensions are impossible", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"\"{path}\" cannot be read: {e.Message}", innerException: e);
        }
    }

    private static (string Name, Tensor Tensor) Parse(byte[] bytes, string path)
    {
        var input = new CodedInputStream(bytes);
        var dimensions = new List<long>();
        var type = ElementType.Undefined;
        string name = "";
        byte[]? raw = null;
        using var typed = new MemoryStream();
        while (input.ReadTag() is > 0 and var tag)
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            bool packed = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            switch (field)
            {
                case 1:
                    Each(input, packed, i => dimensions.Add(i.ReadInt64()));
                    break;
                case 2:
                    type = (ElementType)input.ReadInt32();
                    break;
                case 8:
                    name = input.ReadString();
                    break;
                case 9:
                    raw = input.ReadBytes().ToByteArray();
                    break;
                case 4 or 5 or 7 or 10 or 11:
                    Each(input, packed, i => ReadTyped(i, field, type, typed));
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        if (type.BitWidth() is not (8 or 16 or 32 or 64) || type is ElementType.Complex64)
        {
            throw new OctetException(ErrorCodes.ArrayTypeUnsupported, $"\"{path}\" holds {type}, not numbers of 8 to 64 bits");
        }

        if (dimensions.Count > MaxRank || dimensions.Any(d => d < 0))
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" is no ONNX tensor: its dimensions are impossible");
        }

        var shape = new Shape([.. dimensions]);
        var values = raw ?? typed.ToArray();
        return values.Length == type.ByteCount(shape.Count)
            ? (name, Tensor.FromArray(type, values, shape))
            : throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\": {type}{shape} takes {type.ByteCount(shape.Count)} bytes, but the file holds {values.Length}");
    }

    private static void Each(CodedInputStream input, bool packed, Action<CodedInputStream> read)
    {
        if (!packed)
        {
            read(input);
            return;
        }

        long end = input.ReadLength() + input.Position;
        while (input.Position < end)
        {
            read(input);
        }
    }

    /// <summary>Appends one value of a typed field in the tensor's own width; narrow types come as 32-bit integers.</summary>
    private static void ReadTyped(CodedInputStream input, int field, ElementType type, MemoryStream values)
    {
        Span<byte> bytes = stackalloc byte[8];
        ulong bits = field switch
        {
            4 => BitConverter.SingleToUInt32Bits(input.ReadFloat()),
            5 => (ulong)input.ReadInt32(),
            7 => (ulong)input.ReadInt64(),
            10 => BitConverter.DoubleToUInt64Bits(input.ReadDouble()),
            _ => input.ReadUInt64(),
        };
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, bits);
        values.Write(bytes[..(type.BitWidth() is 8 or 16 or 32 or 64 ? type.BitWidth() / 8 : field is 4 or 5 ? 4 : 8)]);
    }
}
