using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>The squared error of each candidate of <see cref="IfmrSearch"/> over all values.</summary>
/// <param name="Bits">2 to 16.</param>
/// <param name="WithOffset">Whether the scheme is asymmetric.</param>
/// <param name="MaxPercentile">Share of the values that the upper end leaves below.</param>
/// <param name="MinPercentile">Share of the values that the lower end leaves above.</param>
/// <param name="Start">First ratio.</param>
/// <param name="End">No ratio beyond.</param>
/// <param name="Step">Between ratios.</param>
internal sealed record IfmrErrors(int Bits, bool WithOffset, double MaxPercentile, double MinPercentile, double Start, double End, double Step) : CandidateSumsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "ifmr-errors";

    /// <summary>Most candidates; searches with more are refused.</summary>
    public const int MostCandidates = 4096;

    private const int KeptExtremes = 4096;

    // As the original has it: one minus a percentile below this drops nothing.
    private const double Epsilon = 1.1920929e-7;

    private static readonly ExtremeValuesNeed Extremes = new(KeptExtremes);

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bits, WithOffset ? 1 : 0, MaxPercentile, MinPercentile, Start, End, Step];

    /// <inheritdoc/>
    public override ImmutableArray<StatisticNeed> Requires => [Extremes];

    /// <inheritdoc/>
    public override int Candidates => IfmrSearch.CountOf(Start, End, Step);

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static IfmrErrors? Of(ImmutableArray<double> p)
        => p[0] is >= 2 and <= 16 && p[1] is 0 or 1 && p[2] is > 0 and <= 1 && p[3] is > 0 and <= 1 && p[6] > 0 && Math.Ceiling((p[5] - p[4]) / p[6]) is >= 1 and <= MostCandidates
            ? new IfmrErrors((int)p[0], p[1] == 1, p[2], p[3], p[4], p[5], p[6])
            : null;

    /// <inheritdoc/>
    public override void Sum(SampleValues values, ValueRange range, Span<double> sums) => SearchOver(range).AddErrors(values.NonZero, sums);

    /// <summary>The search between two order statistics.</summary>
    public IfmrSearch SearchOver(ValueRange range) => new(range.Max, range.Min, Bits, WithOffset, (Start, End, Step));

    /// <inheritdoc/>
    protected override ValueRange RangeOf(TensorStatistics first)
    {
        long count = first.Histogram.Count;
        return count == 0 ? default : new ValueRange(
            Extremes.Ranked(first, RankOf(MinPercentile, count), upper: false), Extremes.Ranked(first, RankOf(MaxPercentile, count), upper: true)).WithZero();
    }

    private static long RankOf(double percentile, long count)
        => 1 - percentile < Epsilon ? 1 : Math.Max(1, count - (long)(percentile * count));
}
