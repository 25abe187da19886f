namespace Octet.Calibration.Statistics;

/// <summary>Sums (of errors, as a rule) for each of a fixed number of candidates between the extremes that the first sweep found.</summary>
public abstract record CandidateSumsNeed : NeedFor<CandidateSums>
{
    /// <inheritdoc/>
    public sealed override StatisticKind Kind => StatisticKind.SecondSweep;

    /// <summary>Number of candidates.</summary>
    public abstract int Candidates { get; }

    /// <summary>Sums over the values of one sample, always in the same order: the sums of the samples are then added exactly.</summary>
    /// <param name="values">The values.</param>
    /// <param name="range">What the candidates stand on.</param>
    /// <param name="sums">One a candidate, zero at first; finite at last.</param>
    public abstract void Sum(SampleValues values, ValueRange range, Span<double> sums);

    /// <inheritdoc/>
    public sealed override CandidateSums Create(TensorStatistics first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new CandidateSums(this, RangeOf(first));
    }

    /// <summary>What the candidates stand on: the extremes, or what else <see cref="StatisticNeed.Requires"/> lets the first sweep find.</summary>
    protected virtual ValueRange RangeOf(TensorStatistics first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new ValueRange(first.Histogram.Min, first.Histogram.Max);
    }
}
