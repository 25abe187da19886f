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

    /// <summary>What the integers stand for; unsigned values of 8 bits are stored less 128, those of 16 less 32,768, with the zero point likewise. Null for tensors of another kind.</summary>
    public QuantParams? Params { get; }

    /// <summary>Values that are known before the run; empty for others.</summary>
    public ImmutableArray<int> Constant { get; private init; } = [];

    /// <summary>The buffer whose elements these are, in the same order under another shape; null where it has its own.</summary>
    public IntegerBuffer? ViewOf { get; private init; }

    /// <summary>The buffer that holds the elements.</summary>
    public IntegerBuffer Root => ViewOf?.Root ?? this;

    /// <summary>Number of elements.</summary>
    public int Count => checked((int)Shape.Count);

    /// <summary>Whether the quantized values take 16 bits; the others take 8.</summary>
    public bool IsWide => Params?.Type.Bits > 8;

    /// <summary>The greatest magnitude that a quantized value less its zero point can have.</summary>
    public int Reach => Math.Max(Params!.Type.Max - Params.ZeroPoint, Params.ZeroPoint - Params.Type.Min);

    /// <summary>Bytes of the quantized values.</summary>
    public int Bytes => IsWide ? checked(Count * sizeof(short)) : Count;

    /// <summary>A buffer of quantized values of at most 16 bits.</summary>
    public static IntegerBuffer Quantized(string name, Shape shape, QuantParams parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(name, TypeOf(parameters), shape, parameters);
    }

    /// <summary>A buffer of quantized values that never change.</summary>
    public static IntegerBuffer Known(string name, Shape shape, QuantParams parameters, ImmutableArray<int> values)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(name, TypeOf(parameters), shape, parameters) { Constant = values };
    }

    /// <summary>A buffer of values that are what they are.</summary>
    public static IntegerBuffer Plain(string name, ElementType type, Shape shape) => new(name, type, shape, null);

    /// <summary>The parameters of 8-bit integers that stand for themselves, as they are held: unsigned ones less 128.</summary>
    public static QuantParams AsTheyAre(ElementType type) => new(QuantType.Int8, 1, -Offset(type));

    /// <summary>The same elements under another name and shape.</summary>
    public IntegerBuffer View(string name, Shape shape) => new(name, Type, shape, Params) { ViewOf = this };

    /// <summary>What unsigned values of a type are stored less than they are.</summary>
    public static int Offset(ElementType type) => type switch { ElementType.UInt8 => 1 << 7, ElementType.UInt16 => 1 << 15, _ => 0 };

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type}{Shape}";

    private static ElementType TypeOf(QuantParams parameters) => parameters.Type.Bits > 8 ? ElementType.Int16 : ElementType.Int8;
}
