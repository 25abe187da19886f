using Octet.Calibration.Thresholds.MindSpore;
using Octet.Numerics;

namespace Octet.Refinement.MindSpore;

/// <summary>
/// MindSpore Lite's weights of a fixed number of bits (mindspore-lite, tools/converter/quantizer: fixed_bit_weight_quantization.cc, and quant_utils.cc of its run time): the extremes as
/// the range, half-way cases away from zero, and corrections of spread and mean, bit for bit.
/// </summary>
public static class MindSporeWeights
{
    private const int MostBits = 16;
    private const double LeastDeviation = 2.220446049250313e-16;
    private const double MostCorrection = 10;

    // Below it all integers are 0.
    private const double LeastScale = 1e-38;

    /// <summary>Whether weights with corrections take less room than floats: 32 · 8 / (32 − bits), cut to an integer, must be less than the values of a channel.</summary>
    /// <param name="bits">1 to 16.</param>
    /// <param name="valuesOfChannel">How many weights a channel has.</param>
    public static bool Pays(int bits, long valuesOfChannel) => 32 * 8 / (32 - bits) < valuesOfChannel;

    /// <summary>Rounds weights.</summary>
    /// <param name="weights">Floats of any shape, not empty.</param>
    /// <param name="bits">1 to 16; symmetric ones 2 to 16.</param>
    /// <param name="axis">The axis of the channels, each with a scale of its own; null for one scale for all.</param>
    /// <param name="symmetric">Whether zero is in the middle, and the lowest integer left out; else zero points lie where the extremes put them.</param>
    /// <param name="correct">
    /// Whether spread and mean are corrected, MindSpore's <c>bias_correction</c>, for weights that are stored only. With channels, weights that would not pay are left as they are.
    /// </param>
    /// <returns>The integers; null where they would not pay (<see cref="Pays"/>).</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: bits or axis are out of range; <see cref="ErrorCodes.NonFiniteWeight"/>: a weight is NaN or infinite.</exception>
    public static CorrectedWeights? Round(Tensor weights, int bits, int? axis, bool symmetric = false, bool correct = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        int least = symmetric ? 2 : 1;
        if (bits < least || bits > MostBits)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"weights shall have {bits} bits", $"take {least} to {MostBits}");
        }

        if (axis < 0 || axis >= weights.Shape.Rank)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"weights of shape {weights.Shape} have no axis {axis}", "name one that they have, the first being 0");
        }

        float[] values = FiniteWeights.Of(weights);

        int channels = axis is { } a ? (int)weights.Shape[a] : 1;
        if (axis is not null && correct && !Pays(bits, values.Length / channels))
        {
            return null;
        }

        var type = new QuantType(bits, true) { Narrow = symmetric };
        int inner = axis is { } along ? (int)weights.Shape.CountAfter(along) : values.Length;
        var (scales, zeroPoints) = (new float[channels], new int[channels]);
        var (spreads, means) = (Enumerable.Repeat(1f, channels).ToArray(), new float[channels]);
        var integers = new int[values.Length];
        for (int c = 0; c < channels; c++)
        {
            int[] members = [.. MembersOf(c, inner, channels, values.Length)];
            float[] channel = [.. members.Select(i => values[i])];
            var (min, max) = MindSporeScale.Encode(channel.Min(), channel.Max(), type.Min, type.Max, symmetric);
            (scales[c], zeroPoints[c]) = MindSporeScale.Solve(min, max, type.Min, type.Max);
            foreach (int i in members)
            {
                integers[i] = Quantize(values[i], scales[c], zeroPoints[c], type);
            }

            if (correct)
            {
                (spreads[c], means[c]) = CorrectionsOf(channel, [.. members.Select(i => (float)((double)(integers[i] - zeroPoints[c]) * scales[c]))]);
            }
        }

        return new CorrectedWeights(
            IntegerTensor.Pack(integers, type, weights.Shape), new QuantParams(type, [.. scales], [.. zeroPoints], axis), [.. spreads], [.. means]);
    }

    /// <summary>The integer of a value: value / scale + zero point, half-way cases away from zero, limited to the type.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="scale">Where it is 10⁻³⁸ or less, the integer is 0.</param>
    /// <param name="zeroPoint">Within the type.</param>
    /// <param name="type">The type of the integers.</param>
    public static int Quantize(float value, double scale, int zeroPoint, QuantType type)
        => scale <= LeastScale ? 0 : (int)Math.Clamp(Math.Round((value / scale) + zeroPoint, MidpointRounding.AwayFromZero), type.Min, type.Max);

    /// <summary>
    /// The factor σ of the weights / σ of the dequantized ones, 1 where either hardly spreads or the factor is 10 or more, and the difference of the means that is left then.
    /// </summary>
    private static (float Variance, float Mean) CorrectionsOf(float[] raw, float[] dequantized)
    {
        var (rawMean, rawDeviation) = MomentsOf(raw);
        var (mean, deviation) = MomentsOf(dequantized);
        double ratio = rawDeviation > LeastDeviation && deviation > LeastDeviation ? rawDeviation / deviation : 1;
        float variance = ratio is > 0 and < MostCorrection ? (float)ratio : 1;
        return (variance, (float)(rawMean - (mean * variance)));
    }

    private static (double Mean, double Deviation) MomentsOf(float[] values)
    {
        double mean = values.Sum(v => (double)v) / values.Length;
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length));
    }

    private static IEnumerable<int> MembersOf(int channel, int inner, int channels, int count)
    {
        for (int start = channel * inner; start < count; start += channels * inner)
        {
            for (int i = start; i < start + inner; i++)
            {
                yield return i;
            }
        }
    }
}
