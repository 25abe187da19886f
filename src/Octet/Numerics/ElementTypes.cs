namespace Octet.Numerics;

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>Bits that one element takes in a raw buffer; 0 for strings and undefined types, which have no fixed width.</summary>
    public static int BitWidth(this ElementType type) => type switch
    {
        ElementType.UInt2 or ElementType.Int2 => 2,
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 => 4,
        ElementType.Float6E2M3 or ElementType.Float6E3M2 => 6,
        ElementType.UInt8 or ElementType.Int8 or ElementType.Boolean or ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ
            or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 => 8,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 16,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 64,
        ElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>Bytes of a packed buffer of <paramref name="count"/> elements (the last byte may be partly used).</summary>
    /// <exception cref="OverflowException">The size exceeds <see cref="long.MaxValue"/>.</exception>
    public static long ByteCount(this ElementType type, long count) => checked((count * type.BitWidth() + 7) / 8);

    /// <summary>The element type that stores a C# primitive.</summary>
    /// <exception cref="NotSupportedException">No element type has the layout of <typeparamref name="T"/>.</exception>
    public static ElementType Of<T>()
        where T : unmanaged
        => default(T) switch
        {
            float => ElementType.Float32,
            double => ElementType.Float64,
            Half => ElementType.Float16,
            byte => ElementType.UInt8,
            sbyte => ElementType.Int8,
            ushort => ElementType.UInt16,
            short => ElementType.Int16,
            uint => ElementType.UInt32,
            int => ElementType.Int32,
            ulong => ElementType.UInt64,
            long => ElementType.Int64,
            bool => ElementType.Boolean,
            _ => throw new NotSupportedException($"No tensor element type has the layout of {typeof(T).Name}."),
        };
}
