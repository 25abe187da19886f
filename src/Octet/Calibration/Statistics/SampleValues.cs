using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>
/// The values that one sample gives a tensor, with what several statistics ask of them found only once: their extremes, those that are not zero, their places in the
/// sorted order. What is found lies in memory of the thread, so they stay on one thread and are disposed there.
/// </summary>
public readonly ref struct SampleValues : IDisposable
{
    private readonly FoundValues found;

    /// <summary>Takes values. Nothing is copied.</summary>
    /// <param name="sample">Index of the sample in the whole data set, shards or not.</param>
    /// <param name="values">Finite; a sweep that meets others fails in the end.</param>
    /// <param name="shape">Their shape.</param>
    public SampleValues(int sample, ReadOnlySpan<float> values, Shape shape)
    {
        Sample = sample;
        Values = values;
        Shape = shape;
        found = FoundValues.Take();
    }

    /// <summary>Index of the sample in the whole data set.</summary>
    public int Sample { get; }

    /// <summary>The values.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>Their shape.</summary>
    public Shape Shape { get; }

    /// <summary>The smallest and the largest value, neither of them −0; there must be one.</summary>
    public (float Min, float Max) Extremes => found.ExtremesOf(Values);

    /// <summary>The values that are not zero, in their order.</summary>
    public ReadOnlySpan<float> NonZero => found.NonZeroOf(Values);

    /// <summary>The value that would stand at a place of the sorted order, + 0.</summary>
    /// <param name="place">From 0 to the number of values less one.</param>
    public float Sorted(int place) => found.SortedOf(Values, place);

    /// <summary>The largest values of sign · value above a bound, + 0, unordered; valid until the next call.</summary>
    /// <param name="kept">How many at most, ≥ 1.</param>
    /// <param name="above">Only values of sign · value above this.</param>
    /// <param name="sign">1 for the largest values, −1 for the smallest.</param>
    public ReadOnlySpan<float> Largest(int kept, float above, int sign) => found.LargestOf(Values, kept, above, sign);

    /// <summary>The values' counts in linear bins; valid until others are asked for.</summary>
    internal ReadOnlySpan<uint> CountsIn(LinearBins bins) => found.CountsOf(Values, bins);

    /// <summary>Counts the values into a histogram, which tells extremes and tails besides.</summary>
    /// <returns>Whether all of them are finite.</returns>
    internal bool CountInto(LogLinearHistogram histogram)
    {
        bool finite = histogram.Add(Values, HistogramPath.Automatic, found.Profile, out bool isFilled);
        found.Know(isFilled);
        return finite;
    }

    /// <inheritdoc/>
    public void Dispose() => found.Return();
}
