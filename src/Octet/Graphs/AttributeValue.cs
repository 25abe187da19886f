using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>The value of a node's attribute.</summary>
public abstract record AttributeValue
{
    private AttributeValue()
    {
    }

    /// <summary>A 64-bit integer.</summary>
    public sealed record Int(long Value) : AttributeValue;

    /// <summary>A 32-bit float.</summary>
    public sealed record Float(float Value) : AttributeValue;

    /// <summary>A text.</summary>
    public sealed record Text(string Value) : AttributeValue;

    /// <summary>Integers.</summary>
    public sealed record Ints(ImmutableArray<long> Values) : AttributeValue;

    /// <summary>Floats.</summary>
    public sealed record Floats(ImmutableArray<float> Values) : AttributeValue;

    /// <summary>Texts.</summary>
    public sealed record Texts(ImmutableArray<string> Values) : AttributeValue;

    /// <summary>A tensor.</summary>
    public sealed record OfTensor(Tensor Value) : AttributeValue;

    /// <summary>A graph inside a node: the body of an If, Loop or Scan. It may use values of the graphs around it.</summary>
    public sealed record OfGraph(Graph Value) : AttributeValue;

    /// <summary>Graphs inside a node.</summary>
    public sealed record OfGraphs(ImmutableArray<Graph> Values) : AttributeValue;

    /// <summary>Anything else (sparse tensors, types, references in functions), as its file format represents it.</summary>
    public sealed record Opaque(object Payload) : AttributeValue;

    /// <summary>An integer becomes an attribute value.</summary>
    public static implicit operator AttributeValue(long value) => new Int(value);

    /// <summary>A float becomes an attribute value.</summary>
    public static implicit operator AttributeValue(float value) => new Float(value);

    /// <summary>A text becomes an attribute value.</summary>
    public static implicit operator AttributeValue(string value) => new Text(value);

    /// <summary>Integers become an attribute value.</summary>
    public static implicit operator AttributeValue(long[] values) => new Ints([.. values]);

    /// <summary>Floats become an attribute value.</summary>
    public static implicit operator AttributeValue(float[] values) => new Floats([.. values]);

    /// <summary>A tensor becomes an attribute value.</summary>
    public static implicit operator AttributeValue(Tensor value) => new OfTensor(value);

    /// <summary>A graph becomes an attribute value.</summary>
    public static implicit operator AttributeValue(Graph value) => new OfGraph(value);

    /// <summary>The graphs that this value holds.</summary>
    internal IEnumerable<Graph> Graphs => this switch
    {
        OfGraph single => [single.Value],
        OfGraphs several => several.Values,
        _ => [],
    };
}
