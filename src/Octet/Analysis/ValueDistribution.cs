using System.Collections.Immutable;

namespace Octet.Analysis;

/// <summary>How values are distributed.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Sample standard deviation (divided by one less than their number); 0 of one value.</param>
/// <param name="Skewness">Mean of ((x − mean) / deviation)³; NaN where the deviation is 0.</param>
/// <param name="Kurtosis">Mean of ((x − mean) / deviation)⁴, less 3; NaN where the deviation is 0.</param>
/// <param name="Histogram">Counts in equal bins from the smallest to the largest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Min">Smallest value.</param>
public sealed record ValueDistribution(double Mean, double Deviation, double Skewness, double Kurtosis, ImmutableArray<long> Histogram, float Max, float Min)
{
    /// <summary>Bins of the histogram.</summary>
    public const int Bins = 32;

    /// <summary>The distribution of values.</summary>
    /// <param name="values">At least one, finite.</param>
    public static ValueDistribution Of(ReadOnlySpan<float> values)
    {
        double sum = 0;
        float min = float.PositiveInfinity;
        float max = float.NegativeInfinity;
        foreach (float value in values)
        {
            sum += value;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        double mean = sum / values.Length;
        double squares = 0;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double deviation = values.Length < 2 ? 0 : Math.Sqrt(squares / (values.Length - 1));
        double cubes = 0;
        double fourths = 0;
        var counts = new long[Bins];
        foreach (float value in values)
        {
            double relative = (value - mean) / deviation;
            cubes += relative * relative * relative;
            fourths += relative * relative * relative * relative;
            counts[BinOf(value, min, max)]++;
        }

        return new ValueDistribution(mean, deviation, cubes / values.Length, (fourths / values.Length) - 3, [.. counts], max, min);
    }

    // Of a single value the range reaches one to both sides, as in PyTorch's histc.
    private static int BinOf(float value, float min, float max)
    {
        var (low, high) = min == max ? (min - 1, max + 1) : (min, max);
        return Math.Min(Bins - 1, (int)((value - low) * Bins / (high - low)));
    }
}
