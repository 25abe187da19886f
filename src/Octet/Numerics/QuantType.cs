namespace Octet.Numerics;

/// <summary>An integer type that real numbers are quantized to.</summary>
/// <param name="Bits">1 to 32.</param>
/// <param name="Signed">Two's complement if true, else from 0.</param>
public readonly record struct QuantType(int Bits, bool Signed)
{
    /// <summary>0 to 255.</summary>
    public static QuantType UInt8 => new(8, false);

    /// <summary>−128 to 127.</summary>
    public static QuantType Int8 => new(8, true);

    /// <summary>−32,768 to 32,767.</summary>
    public static QuantType Int16 => new(16, true);

    /// <summary>−8 to 7.</summary>
    public static QuantType Int4 => new(4, true);

    /// <summary>0 to 15.</summary>
    public static QuantType UInt4 => new(4, false);

    /// <summary>−2³¹ to 2³¹ − 1, the type of biases.</summary>
    public static QuantType Int32 => new(32, true);

    /// <summary>Whether the smallest value is left out, so that a signed type is as long on both sides and an unsigned one begins at 1. Default false.</summary>
    public bool Narrow { get; init; }

    /// <summary>Smallest value.</summary>
    public int Min => (Signed ? (int)(-(1L << (Bits - 1))) : 0) + (Narrow ? 1 : 0);

    /// <summary>Largest value (2³¹ − 1 at most: unsigned types end at 31 bits).</summary>
    public int Max => (int)((1L << (Signed ? Bits - 1 : Bits)) - 1);

    /// <summary>The tensor element type that stores it: the narrowest of 4, 8, 16 and 32 bits that holds it.</summary>
    public ElementType ElementType => (Bits, Signed) switch
    {
        ( <= 4, true) => ElementType.Int4,
        ( <= 4, false) => ElementType.UInt4,
        ( <= 8, true) => ElementType.Int8,
        ( <= 8, false) => ElementType.UInt8,
        ( <= 16, true) => ElementType.Int16,
        ( <= 16, false) => ElementType.UInt16,
        (_, true) => ElementType.Int32,
        (_, false) => ElementType.UInt32,
    };

    /// <summary>For example <c>int8</c>, <c>uint4</c> or <c>int8 narrow</c>.</summary>
    public override string ToString() => $"{(Signed ? "int" : "uint")}{Bits}{(Narrow ? " narrow" : string.Empty)}";
}
