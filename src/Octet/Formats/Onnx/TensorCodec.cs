using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>Translates between tensors and <c>TensorProto</c>. Whatever field holds the values in a file, a tensor is written with raw data.</summary>
internal static class TensorCodec
{
    /// <summary>Reads a tensor. Raw and float data stay the bytes of the message, external data stay in their file.</summary>
    /// <param name="proto">The message.</param>
    /// <param name="place">File and tensor, for errors.</param>
    /// <param name="external">Where external data lie.</param>
    /// <exception cref="OctetException">Type, dimensions and data do not fit each other, or external data cannot be used.</exception>
    public static Tensor Read(TensorProto proto, string place, ExternalDataFolder external)
    {
        var type = (ElementType)proto.DataType;
        if (type == ElementType.Undefined || !Enum.IsDefined(type))
        {
            throw OnnxErrors.BadTensor(place, $"element type {proto.DataType} is none that ONNX defines up to IR version 14");
        }

        if (proto.Segment is not null)
        {
            throw OnnxErrors.BadTensor(place, "it is stored in segments, which no ONNX program writes or reads");
        }

        var shape = ReadShape(proto.Dims, place);
        if (type == ElementType.String)
        {
            return proto.StringData.Count == shape.Count
                ? new Tensor(shape, [.. proto.StringData.Select(s => s.Memory)])
                : throw OnnxErrors.BadTensor(place, $"a tensor {shape} needs {shape.Count} strings, but {proto.StringData.Count} are stored");
        }

        long needed = ByteCount(type, shape, place);
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            return new Tensor(type, shape, external.Open(proto.ExternalData, needed, place));
        }

        var data = proto.HasRawData ? proto.RawData.Memory : ReadTyped(proto, type, shape.Count, needed, place);
        return data.Length == needed
            ? new Tensor(type, shape, TensorStorage.FromMemory(data))
            : throw OnnxErrors.BadTensor(place, $"a {type} tensor {shape} takes {needed} bytes, but {data.Length} are stored");
    }

    /// <summary>Writes a tensor with raw data, which are not copied where its storage is memory.</summary>
    public static TensorProto Write(Tensor tensor, string name)
    {
        var proto = WriteHeader(tensor, name);
        if (tensor.Type == ElementType.String)
        {
            proto.StringData.AddRange(tensor.Strings.Select(UnsafeByteOperations.UnsafeWrap));
        }
        else
        {
            proto.RawData = UnsafeByteOperations.UnsafeWrap(tensor.Storage.ToMemory());
        }

        return proto;
    }

    /// <summary>Writes name, type and dimensions of a tensor, but no data.</summary>
    public static TensorProto WriteHeader(Tensor tensor, string name)
    {
        var proto = new TensorProto { DataType = (int)tensor.Type };
        if (name.Length > 0)
        {
            proto.Name = name;
        }

        proto.Dims.AddRange(tensor.Shape.Dimensions);
        return proto;
    }

    private static Shape ReadShape(RepeatedField<long> dims, string place)
    {
        try
        {
            return new Shape([.. dims]);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            var text = string.Join(',', dims.Take(16).Select(d => d.ToString(CultureInfo.InvariantCulture)));
            throw OnnxErrors.BadTensor(place, $"dimensions [{text}] are negative or have more than {long.MaxValue} elements");
        }
    }

    private static long ByteCount(ElementType type, Shape shape, string place)
    {
        try
        {
            return type.ByteCount(shape.Count);
        }
        catch (OverflowException)
        {
            throw OnnxErrors.BadTensor(place, $"a {type} tensor {shape} would take more than {long.MaxValue} bytes");
        }
    }

    private static ReadOnlyMemory<byte> ReadTyped(TensorProto proto, ElementType type, long count, long needed, string place) => type switch
    {
        ElementType.Float32 or ElementType.Complex64 => PackedNumbers.Join(proto.FloatData),
        ElementType.Float64 or ElementType.Complex128 => PackedNumbers.Join(proto.DoubleData),
        ElementType.Int64 => PackedNumbers.Decode(proto.Int64Data, 8, count, place),
        ElementType.UInt64 => PackedNumbers.Decode(proto.Uint64Data, 8, count, place),
        ElementType.UInt32 => PackedNumbers.Decode(proto.Uint64Data, 4, count, place),
        ElementType.Int32 => PackedNumbers.Decode(proto.Int32Data, 4, count, place),
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16
            => PackedNumbers.Decode(proto.Int32Data, 2, count, place),
        ElementType.Float6E2M3 or ElementType.Float6E3M2 => PackedNumbers.PackSixBits(PackedNumbers.Decode(proto.Int32Data, 1, count, place)),

        // One entry holds one byte: an 8-bit element, two 4-bit elements or four 2-bit elements.
        _ => PackedNumbers.Decode(proto.Int32Data, 1, needed, place),
    };
}
