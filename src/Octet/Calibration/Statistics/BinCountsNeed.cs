namespace Octet.Calibration.Statistics;

/// <summary>Counts of a tensor's values in bins between the extremes that the first sweep found.</summary>
public abstract record BinCountsNeed : NeedFor<BinCounts>
{
    /// <inheritdoc/>
    public sealed override StatisticKind Kind => StatisticKind.SecondSweep;

    /// <summary>Number of bins.</summary>
    public abstract int Bins { get; }

    /// <summary>The bins.</summary>
    /// <param name="range">The smallest and the largest value of the first sweep.</param>
    internal abstract LinearBins Over(ValueRange range);

    /// <inheritdoc/>
    public sealed override BinCounts Create(TensorStatistics first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new BinCounts(this, new ValueRange(first.Histogram.Min, first.Histogram.Max));
    }
}
