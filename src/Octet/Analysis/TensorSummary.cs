using System.Numerics.Tensors;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>
/// What the values of one tensor are like, and what quantization does to them: the columns of MindSpore Lite's debug reports
/// (<c>debug_info_manager.cc</c>, <c>statistic_utils.h</c>). Of several samples together: quartiles and cosine are means over the samples, the rest
/// is of all values.
/// </summary>
/// <param name="Count">Number of values.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Q1">First quartile: a value of the tensor, as the original chooses it.</param>
/// <param name="Median">Second quartile.</param>
/// <param name="Q3">Third quartile.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Mean">Mean of the values.</param>
/// <param name="Deviation">Population standard deviation (the original's column is called Var).</param>
/// <param name="Sparsity">Share of zeros, 0 to 1.</param>
/// <param name="Clip">Share of values outside the range of the quantized tensor's values, 0 to 1.</param>
/// <param name="Cosine">Cosine of the values and the quantized ones, −1 to 1.</param>
public sealed record TensorSummary(
    long Count, float Min, float Q1, float Median, float Q3, float Max, float Mean, double Deviation, double Sparsity, double Clip, double Cosine)
{
    // Of both squared norms, and of their product.
    private const double LeastNorm = 2.220446049250313e-16;

    /// <summary>Summarizes the values of one sample.</summary>
    /// <param name="values">At least one, finite.</param>
    /// <param name="quantized">The values that their integers stand for, as many; empty where they are not quantized.</param>
    /// <exception cref="ArgumentException">There are no values, or the numbers differ.</exception>
    public static TensorSummary Of(ReadOnlySpan<float> values, ReadOnlySpan<float> quantized = default)
    {
        if (values.IsEmpty || (quantized.Length != values.Length && !quantized.IsEmpty))
        {
            throw new ArgumentException($"{values.Length} values and {quantized.Length} quantized ones make no summary.", nameof(values));
        }

        double sum = 0;
        double squares = 0;
        long zeros = 0;
        foreach (float value in values)
        {
            sum += value;
            zeros += value == 0 ? 1 : 0;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        // The original leaves the first value out of the selection; with less than four values that is undefined there.
        long count = values.Length;
        float[] rest = values.Length < 4 ? values.ToArray() : values[1..].ToArray();
        float Quartile(int quarters) => OrderStatistic.Select(rest, (int)(count * quarters / 4) - (int)(count - rest.Length));
        return new TensorSummary(
            values.Length,
            TensorPrimitives.Min(values),
            Quartile(1),
            Quartile(2),
            Quartile(3),
            TensorPrimitives.Max(values),
            (float)mean,
            Math.Sqrt(squares / values.Length),
            (double)zeros / values.Length,
            quantized.IsEmpty ? 0 : Outside(values, TensorPrimitives.Min(quantized), TensorPrimitives.Max(quantized)),
            quantized.IsEmpty ? 1 : CosineOf(values, quantized));
    }

    /// <summary>The summary of several samples.</summary>
    /// <param name="samples">At least one, in the order of the samples.</param>
    public static TensorSummary Merge(IReadOnlyList<TensorSummary> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        long count = samples.Sum(s => s.Count);
        double Mean(Func<TensorSummary, double> of) => samples.Sum(s => s.Count * of(s)) / count;
        double mean = Mean(s => s.Mean);
        double variance = Mean(s => (s.Deviation * s.Deviation) + ((s.Mean - mean) * (s.Mean - mean)));
        return new TensorSummary(
            count,
            samples.Min(s => s.Min),
            (float)samples.Average(s => (double)s.Q1),
            (float)samples.Average(s => (double)s.Median),
            (float)samples.Average(s => (double)s.Q3),
            samples.Max(s => s.Max),
            (float)mean,
            Math.Sqrt(variance),
            Mean(s => s.Sparsity),
            Mean(s => s.Clip),
            samples.Average(s => s.Cosine));
    }

    private static double Outside(ReadOnlySpan<float> values, float low, float high)
    {
        long outside = 0;
        foreach (float value in values)
        {
            outside += value < low || value > high ? 1 : 0;
        }

        return (double)outside / values.Length;
    }

    private static double CosineOf(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }

        double cosine = first < LeastNorm && second < LeastNorm ? 1 : first * second < LeastNorm ? 0 : product / (Math.Sqrt(first) * Math.Sqrt(second));
        return double.IsFinite(cosine) ? cosine : 0;
    }
}
