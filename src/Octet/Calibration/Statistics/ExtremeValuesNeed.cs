using System.Collections.Immutable;

namespace Octet.Calibration.Statistics;

/// <summary>The largest and the smallest values.</summary>
/// <param name="Kept">How many of either are kept at most.</param>
public sealed record ExtremeValuesNeed(int Kept) : NeedFor<ExtremeValues>
{
    /// <summary>The name.</summary>
    public const string NeedName = "extreme-values";

    /// <inheritdoc/>
    public override StatisticKind Kind => StatisticKind.OrderFree;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Kept];

    /// <inheritdoc/>
    public override ExtremeValues Create(TensorStatistics first) => new(Kept);

    /// <summary>
    /// The value of a rank counted from an end: exact where it was kept, else from the histogram, which is at most 1/64 off.
    /// </summary>
    /// <param name="statistics">Holds what this need asks for, and at least <paramref name="rank"/> values.</param>
    /// <param name="rank">1 for the extreme itself.</param>
    /// <param name="upper">Whether it is counted from the largest value.</param>
    public float Ranked(TensorStatistics statistics, long rank, bool upper)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var extremes = statistics.Get(this);
        var kept = upper ? extremes.Largest : extremes.Smallest;
        if (rank <= kept.Length)
        {
            return kept[(int)rank - 1];
        }

        var bins = statistics.Histogram.Bins();
        foreach (var bin in upper ? bins.Reverse() : bins)
        {
            rank -= bin.Count;
            if (rank <= 0)
            {
                double share = (double)(bin.Count + rank) / bin.Count;
                return (float)(upper ? bin.High - share * (bin.High - bin.Low) : bin.Low + share * (bin.High - bin.Low));
            }
        }

        throw new ArgumentOutOfRangeException(nameof(rank), "There are not as many values.");
    }
}
