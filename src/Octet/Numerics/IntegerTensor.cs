namespace Octet.Numerics;

/// <summary>Stores quantized integers in the element type that holds them.</summary>
public static class IntegerTensor
{
    /// <summary>Packs integers; 4-bit types two a byte, the first in the low half.</summary>
    /// <param name="values">Within the type's range.</param>
    /// <param name="type">The quantized type; stored in the narrowest of 4, 8, 16 and 32 bits.</param>
    /// <param name="shape">As many elements as there are values.</param>
    /// <exception cref="OverflowException">A value lies outside the type.</exception>
    public static Tensor Pack(ReadOnlySpan<int> values, QuantType type, Shape shape)
    {
        foreach (int value in values)
        {
            if (value < type.Min || value > type.Max)
            {
                throw new OverflowException($"{value} lies outside {type}, which ends at {type.Min} and {type.Max}.");
            }
        }

        var element = type.ElementType;
        var bytes = new byte[element.ByteCount(values.Length)];
        for (int i = 0; i < values.Length; i++)
        {
            switch (element.BitWidth())
            {
                case 4:
                    bytes[i / 2] |= (byte)((values[i] & 15) << (i % 2 * 4));
                    break;
                case 8:
                    bytes[i] = (byte)values[i];
                    break;
                case 16:
                    BitConverter.TryWriteBytes(bytes.AsSpan(2 * i), (short)values[i]);
                    break;
                default:
                    BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), values[i]);
                    break;
            }
        }

        return Tensor.FromArray(element, bytes, shape);
    }
}
