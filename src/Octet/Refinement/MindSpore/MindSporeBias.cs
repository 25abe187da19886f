using System.Collections.Immutable;

namespace Octet.Refinement.MindSpore;

/// <summary>
/// A bias as MindSpore Lite quantizes it (mindspore-lite, tools/converter/quantizer/fixed_bit_weight_quantization.cc): 32-bit integers of input scale × filter scale, half-way cases
/// away from zero. Where an integer would take more than half of 32 bits, the filter gets a larger scale instead. Scales are doubles, as there.
/// </summary>
/// <param name="Values">The integers.</param>
/// <param name="Scales">One of them for all, or one a channel.</param>
/// <param name="FilterScales">The filter's scales, some of them enlarged.</param>
/// <param name="Enlarged">Which of the filter's scales were enlarged: MindSpore Lite sets their zero points to 0.</param>
public sealed record MindSporeBias(ImmutableArray<int> Values, ImmutableArray<double> Scales, ImmutableArray<double> FilterScales, ImmutableArray<bool> Enlarged)
{
    private const double Limit = 0.5 * int.MaxValue;

    /// <summary>Quantizes a bias.</summary>
    /// <param name="bias">Finite, one a channel.</param>
    /// <param name="inputScales">One, or one a channel.</param>
    /// <param name="filterScales">One, or one a channel.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: the numbers of scales do not fit, or the scales of a channel have the product 0.</exception>
    public static MindSporeBias Quantize(ReadOnlySpan<float> bias, ReadOnlySpan<double> inputScales, ReadOnlySpan<double> filterScales)
    {
        int count = Math.Max(inputScales.Length, filterScales.Length);
        bool fit = Math.Min(inputScales.Length, filterScales.Length) == 1 || inputScales.Length == filterScales.Length;
        if (!fit || (count != 1 && count != bias.Length))
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, $"{inputScales.Length} input scales and {filterScales.Length} filter scales do not fit {bias.Length} biases", "give one of each, or one a channel");
        }

        var scales = new double[count];
        double[] filter = filterScales.ToArray();
        var enlarged = new bool[filter.Length];
        for (int s = 0; s < count; s++)
        {
            double input = inputScales[inputScales.Length == 1 ? 0 : s];
            int f = filter.Length == 1 ? 0 : s;
            double product = input * filterScales[f];
            scales[s] = product != 0 ? product : count == 1 ? 1 : throw new OctetException(
                ErrorCodes.InvalidUsage, $"the bias of channel {s} has no scale: {input} · {filterScales[f]} is 0", "give the channel a scale");
            double largest = count == 1 ? LargestOf(bias) : Math.Abs((double)bias[s]);
            if (largest / scales[s] >= Limit)
            {
                scales[s] = largest / Limit;
                filter[f] = largest / (input * Limit);
                enlarged[f] = true;
            }
        }

        var values = new int[bias.Length];
        for (int c = 0; c < values.Length; c++)
        {
            values[c] = (int)Math.Round(bias[c] / scales[count == 1 ? 0 : c], MidpointRounding.AwayFromZero);
        }

        return new MindSporeBias([.. values], [.. scales], [.. filter], [.. enlarged]);
    }

    private static double LargestOf(ReadOnlySpan<float> bias)
    {
        float largest = 0;
        foreach (float value in bias)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
