using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Integers;

/// <summary>A tensor of an integer network, for one sample. Buffers have identity.</summary>
public sealed class IntegerBuffer
{
    private IntegerBuffer(string name, ElementType type, Shape shape, QuantParams? parameters)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Params = parameters;
    }

    /// <summary>The name of the tensor in the model.</summary>
    public string Name { get; }

    /// <summary>Type of the stored elements.</summary>
    public ElementType Type { get; }

    /// <summary>Dimensions, row-major.</summary>
    public Shape Shape { get; }

    /// <summary>What the integers stand for; unsigned 8-bit values are stored less 128, with the zero point likewise. Null for tensors of another kind.</summary>
    public QuantParams? Params { get; }

    /// <summary>Values that are known before the run; empty for others.</summary>
    public ImmutableArray<sbyte> Constant { get; private init; } = [];

    /// <summary>The buffer whose elements these are, in the same order under another shape; null where it has its own.</summary>
    public IntegerBuffer? ViewOf { get; private init; }

    /// <summary>The buffer that holds the elements.</summary>
    public IntegerBuffer Root => ViewOf?.Root ?? this;

    /// <summary>Number of elements.</summary>
    public int Count => checked((int)Shape.Count);

    /// <summary>A buffer of quantized 8-bit values.</summary>
    public static IntegerBuffer Quantized(string name, Shape shape, QuantParams parameters) => new(name, ElementType.Int8, shape, parameters);

    /// <summary>A buffer of quantized values that never change.</summary>
    public static IntegerBuffer Known(string name, Shape shape, QuantParams parameters, ImmutableArray<sbyte> values) => new(name, ElementType.Int8, shape, parameters) { Constant = values };

    /// <summary>A buffer of values that are what they are.</summary>
    public static IntegerBuffer Plain(string name, ElementType type, Shape shape) => new(name, type, shape, null);

    /// <summary>The parameters of 8-bit integers that stand for themselves, as they are held: unsigned ones less 128.</summary>
    public static QuantParams AsTheyAre(ElementType type) => new(QuantType.Int8, 1, type == ElementType.UInt8 ? sbyte.MinValue : 0);

    /// <summary>The same elements under another name and shape.</summary>
    public IntegerBuffer View(string name, Shape shape) => new(name, Type, shape, Params) { ViewOf = this };

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type}{Shape}";
}
