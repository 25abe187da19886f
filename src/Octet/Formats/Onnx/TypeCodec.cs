using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>Translates between what a graph states of a value's type and <c>TypeProto</c>.</summary>
internal static class TypeCodec
{
    /// <summary>Reads a type; null where none is stated.</summary>
    public static GraphType? Read(TypeProto? proto) => proto?.ValueCase switch
    {
        null or TypeProto.ValueOneofCase.None => null,
        TypeProto.ValueOneofCase.TensorType when Enum.IsDefined((ElementType)proto.TensorType.ElemType) => new TensorType(
            (ElementType)proto.TensorType.ElemType,
            proto.TensorType.Shape is { } shape ? [.. shape.Dim.Select(Read)] : null),
        _ => new OpaqueType(proto),
    };

    /// <summary>Writes a type; null where none is stated.</summary>
    public static TypeProto? Write(GraphType? type)
    {
        switch (type)
        {
            case OpaqueType { Payload: TypeProto payload }:
                return payload;
            case TensorType tensor:
                var proto = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)tensor.ElementType } };
                if (tensor.Dimensions is { } dimensions)
                {
                    proto.TensorType.Shape = new TensorShapeProto();
                    proto.TensorType.Shape.Dim.AddRange(dimensions.Select(Write));
                }

                return proto;
            default:
                return null;
        }
    }

    /// <summary>Writes a value's name and type, keeping what the file said of it beyond the type (texts, denotations) while the type is the same.</summary>
    public static ValueInfoProto Write(Value value, ValueInfoProto? origin)
    {
        if (origin is not null && Equals(Read(origin.Type), value.Type))
        {
            return origin;
        }

        var proto = new ValueInfoProto { Name = value.Name };
        if (Write(value.Type) is { } type)
        {
            proto.Type = type;
        }

        return proto;
    }

    private static Dimension Read(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 => new Dimension(dimension.DimValue, null),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 => new Dimension(null, dimension.DimParam),
        _ => default,
    };

    private static TensorShapeProto.Types.Dimension Write(Dimension dimension) => dimension switch
    {
        { Size: { } size } => new() { DimValue = size },
        { Symbol: { } symbol } => new() { DimParam = symbol },
        _ => new(),
    };
}
