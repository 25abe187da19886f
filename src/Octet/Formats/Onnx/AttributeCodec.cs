using System.Text;
using Google.Protobuf;
using Octet.Graphs;
using Kind = Octet.Formats.Onnx.AttributeProto.Types.AttributeType;

namespace Octet.Formats.Onnx;

/// <summary>Translates between attribute values and <c>AttributeProto</c>.</summary>
internal static class AttributeCodec
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the value of an attribute. What has no form in a graph is kept as the message.</summary>
    public static AttributeValue Read(AttributeProto proto, string place, Func<GraphProto, Graph> readGraph, ExternalDataFolder external)
    {
        switch (KindOf(proto))
        {
            case Kind.Float:
                return new AttributeValue.Float(proto.F);
            case Kind.Int:
                return new AttributeValue.Int(proto.I);
            case Kind.String when TextOf(proto.S) is { } text:
                return new AttributeValue.Text(text);
            case Kind.Tensor when proto.T is { } tensor:
                return new AttributeValue.OfTensor(TensorCodec.Read(tensor, place, external));
            case Kind.Graph when proto.G is { } graph:
                return new AttributeValue.OfGraph(readGraph(graph));
            case Kind.Floats:
                return new AttributeValue.Floats([.. proto.Floats]);
            case Kind.Ints:
                return new AttributeValue.Ints([.. proto.Ints]);
            case Kind.Strings when proto.Strings.All(s => TextOf(s) is not null):
                return new AttributeValue.Texts([.. proto.Strings.Select(s => s.ToStringUtf8())]);
            case Kind.Graphs:
                return new AttributeValue.OfGraphs([.. proto.Graphs.Select(readGraph)]);
            case Kind.Tensor or Kind.Graph:
                throw OnnxErrors.Malformed(place, "its type says that it holds a tensor or graph, but it holds none");
            default:
                CarriedTensors.RefuseExternal(proto, place);
                return new AttributeValue.Opaque(proto);
        }
    }

    /// <summary>Writes an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="origin">What the file said of the attribute beyond its value, if anything.</param>
    /// <param name="writeGraph">Writes a graph inside it.</param>
    public static AttributeProto Write(string name, AttributeValue value, AttributeProto? origin, Func<Graph, GraphProto> writeGraph)
    {
        if (value is AttributeValue.Opaque { Payload: AttributeProto payload })
        {
            return payload;
        }

        var proto = origin?.Clone() ?? new AttributeProto();
        proto.Name = name;
        switch (value)
        {
            case AttributeValue.Float single:
                (proto.Type, proto.F) = (Kind.Float, single.Value);
                break;
            case AttributeValue.Int single:
                (proto.Type, proto.I) = (Kind.Int, single.Value);
                break;
            case AttributeValue.Text single:
                (proto.Type, proto.S) = (Kind.String, ByteString.CopyFromUtf8(single.Value));
                break;
            case AttributeValue.OfTensor single:
                (proto.Type, proto.T) = (Kind.Tensor, TensorCodec.Write(single.Value, string.Empty));
                break;
            case AttributeValue.OfGraph single:
                (proto.Type, proto.G) = (Kind.Graph, writeGraph(single.Value));
                break;
            case AttributeValue.Floats several:
                proto.Type = Kind.Floats;
                proto.Floats.AddRange(several.Values);
                break;
            case AttributeValue.Ints several:
                proto.Type = Kind.Ints;
                proto.Ints.AddRange(several.Values);
                break;
            case AttributeValue.Texts several:
                proto.Type = Kind.Strings;
                proto.Strings.AddRange(several.Values.Select(ByteString.CopyFromUtf8));
                break;
            case AttributeValue.OfGraphs several:
                proto.Type = Kind.Graphs;
                proto.Graphs.AddRange(several.Values.Select(writeGraph));
                break;
            default:
                throw new OctetException(ErrorCodes.Internal, $"attribute \"{name}\" holds a value that ONNX has no form for");
        }

        return proto;
    }

    /// <summary>What is left of an attribute without name and value; null where nothing is.</summary>
    public static AttributeProto? Rest(AttributeProto proto, AttributeValue value)
    {
        if (value is AttributeValue.Opaque)
        {
            return null;
        }

        proto.ClearName();
        proto.ClearType();
        proto.ClearF();
        proto.ClearI();
        proto.ClearS();
        proto.T = null;
        proto.G = null;
        proto.Floats.Clear();
        proto.Ints.Clear();
        proto.Strings.Clear();
        proto.Graphs.Clear();
        return proto.CalculateSize() > 0 ? proto : null;
    }

    // Files of IR version 1 have no type field: the field that is there tells.
    private static Kind KindOf(AttributeProto proto) => proto switch
    {
        { HasRefAttrName: true, RefAttrName.Length: > 0 } => Kind.Undefined,
        { HasType: true, Type: not Kind.Undefined } => proto.Type,
        { HasF: true } => Kind.Float,
        { HasI: true } => Kind.Int,
        { HasS: true } => Kind.String,
        { T: not null } => Kind.Tensor,
        { G: not null } => Kind.Graph,
        { Floats.Count: > 0 } => Kind.Floats,
        { Ints.Count: > 0 } => Kind.Ints,
        { Strings.Count: > 0 } => Kind.Strings,
        { Graphs.Count: > 0 } => Kind.Graphs,
        _ => Kind.Undefined,
    };

    // Bytes that are no text must not become one, or they would be written as others than were read.
    private static string? TextOf(ByteString bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
