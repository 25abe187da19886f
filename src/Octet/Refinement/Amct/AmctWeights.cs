using System.Collections.Immutable;
using Octet.Calibration.Thresholds.Amct;
using Octet.Numerics;

namespace Octet.Refinement.Amct;

/// <summary>
/// Weights as Ascend AMCT's ARQ rounds them (hicann/amct, amct_pytorch, custom_op/arq): the extremes as the range, the lowest integer used where the negative end is the farther one,
/// and half-way cases of value / scale + offset to the even integer, bit for bit.
/// </summary>
/// <param name="Values">The integers, in the layout of the float weights.</param>
/// <param name="Scales">One, or one an output channel; AMCT's <c>scale_w</c>.</param>
/// <param name="Offsets">As many; AMCT's <c>offset_w</c>, 0 without offset.</param>
public sealed record AmctWeights(Tensor Values, ImmutableArray<float> Scales, ImmutableArray<int> Offsets)
{
    private AmctLayout Layout { get; init; } = AmctLayout.One;

    /// <summary>Rounds weights.</summary>
    /// <param name="weights">Finite floats of any shape, not empty.</param>
    /// <param name="bits">2 to 16 (AMCT itself takes 4, 6, 7 and 8).</param>
    /// <param name="layout">Which weights share a scale.</param>
    /// <param name="withOffset">Whether zero may lie anywhere; AMCT's networks do without.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: bits are out of range, or the layout does not fit; <see cref="ErrorCodes.NonFiniteWeight"/>: a weight is NaN or infinite.</exception>
    public static AmctWeights Round(Tensor weights, int bits, AmctLayout layout, bool withOffset = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(layout);
        const int least = 2;
        const int most = 16;
        if (bits is < least or > most)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"weights shall have {bits} bits", $"take {least} to {most}");
        }

        float[] values = FiniteWeights.Of(weights);

        int[] channels = layout.ChannelsOf(weights.Shape);
        int count = layout.CountOf(weights.Shape);
        var (min, max) = (new float[count], new float[count]);
        Array.Fill(min, float.PositiveInfinity);
        Array.Fill(max, float.NegativeInfinity);
        for (int i = 0; i < values.Length; i++)
        {
            min[channels[i]] = Math.Min(min[channels[i]], values[i]);
            max[channels[i]] = Math.Max(max[channels[i]], values[i]);
        }

        var type = new QuantType(bits, true);
        (float Scale, int Offset)[] solved = [.. min.Zip(max, (low, high) => AmctScale.Of(high, low, withOffset, bits))];
        int[] integers = [.. values.Select((v, i) => Quantize(v, solved[channels[i]].Scale, solved[channels[i]].Offset, type))];
        return new AmctWeights(IntegerTensor.Pack(integers, type, weights.Shape), [.. solved.Select(s => s.Scale)], [.. solved.Select(s => s.Offset)]) { Layout = layout };
    }

    /// <summary>The floats that the integers stand for: (integer − offset) · scale.</summary>
    public Tensor Dequantize()
    {
        int[] channels = Layout.ChannelsOf(Values.Shape);
        return Tensor.FromArray([.. Values.ToFloats().Select((q, i) => (q - Offsets[channels[i]]) * Scales[channels[i]])], Values.Shape);
    }

    // The sum is one of 32-bit floats, too, and rounded only then.
    private static int Quantize(float value, float scale, int offset, QuantType type)
        => (int)Math.Clamp(MathF.Round(value / scale + offset, MidpointRounding.ToEven), type.Min, type.Max);
}
