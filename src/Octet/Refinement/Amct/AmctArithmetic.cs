using Octet.Numerics;

namespace Octet.Refinement.Amct;

/// <summary>
/// What Ascend AMCT makes of solved scales for the chip (hicann/amct, amct_pytorch: optimizer/insert_bias_quant_pass.py, common/utils, custom_op/fake_quant), all in 32-bit floats, bit for bit:
/// biases, the words of its dequantizing operator, and the integers of activations.
/// </summary>
public static class AmctArithmetic
{
    private const int OffsetShift = 32;

    /// <summary>A bias in steps of weight scale × input scale, half-way cases to the even integer. Zero points of activations do not enter it.</summary>
    /// <param name="bias">One a channel.</param>
    /// <param name="weightScales">One, or one a channel.</param>
    /// <param name="inputScale">Scale of the layer's input.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: a number of steps does not lie within ±2³¹, or there are too few scales.</exception>
    /// <remarks>2³¹ itself becomes −2³¹, as the original has it.</remarks>
    public static int[] QuantizeBias(ReadOnlySpan<float> bias, ReadOnlySpan<float> weightScales, float inputScale)
    {
        if (weightScales.Length != 1 && weightScales.Length != bias.Length)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"{weightScales.Length} weight scales do not fit {bias.Length} biases", "give one, or one a channel");
        }

        const float limit = 1L << 31;
        var integers = new int[bias.Length];
        for (int c = 0; c < integers.Length; c++)
        {
            float steps = MathF.Round(bias[c] / (weightScales[weightScales.Length == 1 ? 0 : c] * inputScale), MidpointRounding.ToEven);
            integers[c] = steps is >= -limit and <= limit
                ? unchecked((int)(long)steps)
                : throw new OctetException(ErrorCodes.InvalidUsage, FormattableString.Invariant($"the bias of channel {c} is {steps} steps long, where ±2^31 are possible"), "leave this layer float");
        }

        return integers;
    }

    /// <summary>The words of the dequantizing operator: the bits of the 32-bit float weight scale × input scale, and the weights' offset in the byte above.</summary>
    /// <param name="weightScales">One, or one a channel.</param>
    /// <param name="weightOffsets">As many, −128 to 127.</param>
    /// <param name="inputScale">Scale of the layer's input.</param>
    public static ulong[] DequantizationWords(ReadOnlySpan<float> weightScales, ReadOnlySpan<int> weightOffsets, float inputScale)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weightOffsets.Length, weightScales.Length);
        var words = new ulong[weightScales.Length];
        for (int c = 0; c < words.Length; c++)
        {
            words[c] = BitConverter.SingleToUInt32Bits(weightScales[c] * inputScale) | ((ulong)unchecked((byte)weightOffsets[c]) << OffsetShift);
        }

        return words;
    }

    /// <summary>
    /// The integer of an activation: value × (1 / scale), the reciprocal rounded to a float, half-way cases to the even integer, plus offset, limited to the signed type. It differs from
    /// value / scale in the last bit, and so at half-way cases.
    /// </summary>
    /// <param name="value">Finite.</param>
    /// <param name="scale">Its scale, &gt; 0.</param>
    /// <param name="offset">The integer of zero.</param>
    /// <param name="bits">2 to 16.</param>
    public static int QuantizeActivation(float value, float scale, int offset, int bits)
    {
        var type = new QuantType(bits, true);
        return (int)Math.Clamp(MathF.Round(value * (1 / scale), MidpointRounding.ToEven) + offset, type.Min, type.Max);
    }
}
