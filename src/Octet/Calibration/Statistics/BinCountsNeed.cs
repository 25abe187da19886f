namespace Octet.Calibration.Statistics;

/// <summary>Counts of a tensor's values in bins between the extremes that the first sweep found.</summary>
public abstract record BinCountsNeed : NeedFor<BinCounts>
{
    /// <inheritdoc/>
    public sealed override StatisticKind Kind => StatisticKind.SecondSweep;

    /// <summary>Number of bins.</summary>
    public abstract int Bins { get; }

    /// <summary>Counts values.</summary>
    /// <param name="values">Finite, within the range.</param>
    /// <param name="range">The smallest and the largest value of the first sweep.</param>
    /// <param name="counts">One a bin; added to.</param>
    public abstract void Count(ReadOnlySpan<float> values, ValueRange range, Span<long> counts);

    /// <inheritdoc/>
    public sealed override BinCounts Create(TensorStatistics first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new BinCounts(this, new ValueRange(first.Histogram.Min, first.Histogram.Max));
    }
}
