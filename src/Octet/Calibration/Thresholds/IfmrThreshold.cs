using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds.Amct;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// Ascend AMCT's IFMR, "input feature map range" (hicann/amct, amct_pytorch, custom_op/ifmr): percentiles, then the best of ratios of the
/// upper end by the squared error; see <see cref="IfmrSearch"/>. Integers count as signed, offsets with them.
/// </summary>
public sealed class IfmrThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter MaxPercentile = new("max_percentile", 0.999999, 0.5, 1, "Share of the values that the upper end leaves below.");
    private static readonly ThresholdParameter MinPercentile = new("min_percentile", 0.999999, 0.5, 1, "Share of the values that the lower end leaves above.");
    private static readonly ThresholdParameter Start = new("search_start", 0.7, 1e-3, 1e3, "First ratio of the upper end that is tried.") { Aliases = ["search_range_start"] };
    private static readonly ThresholdParameter End = new("search_end", 1.3, 1e-3, 1e3, "No ratio beyond it is tried.") { Aliases = ["search_range_end"] };
    private static readonly ThresholdParameter Step = new("search_step", 0.01, 1e-3, 1e3, "Between two ratios.");

    /// <inheritdoc/>
    public string Name => "ifmr";

    /// <inheritdoc/>
    public string Description => "Ascend AMCT's: percentiles, then the ratio of the upper end with the least squared error.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [MaxPercentile, MinPercentile, Start, End, Step];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(type, symmetric, settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var errors = statistics.Get(Need(type, symmetric, settings));
        var search = Need(type, symmetric, settings).SearchOver(errors.Range);
        int best = search.Best(errors.Sums.AsSpan());
        var (scale, offset) = search.Solve(best);
        var clip = AmctScale.Clip(scale, offset, type.Bits);
        double loss = statistics.Histogram.IsEmpty ? 0 : errors.Sums[best] / statistics.Histogram.Count;
        return new ThresholdResult(new ValueRange(clip.Min, clip.Max).WithZero().Finite(), AmctScale.ToQuantParams(scale, offset, type))
        {
            Figures =
            [
                ("scale_d", scale), ("offset_d", offset), ("clip_max", clip.Max), ("clip_min", clip.Min), ("max_value", errors.Range.Max), ("min_value", errors.Range.Min),
                ("num_candidates", search.Count), ("best_index", best), ("best_ratio", IfmrSearch.Ratios(settings[Start], settings[End], settings[Step])[best]),
                ("bound_negative", search.BoundNegative ? 1 : 0), ("loss", loss),
            ],
        };
    }

    private static IfmrErrors Need(QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return IfmrErrors.Of([type.Bits, symmetric ? 0 : 1, settings[MaxPercentile], settings[MinPercentile], settings[Start], settings[End], settings[Step]])
            ?? throw new OctetException(
                ErrorCodes.InvalidUsage,
                FormattableString.Invariant($"ifmr cannot search {type.Bits} bits from {settings[Start]} to {settings[End]} in steps of {settings[Step]}"),
                $"give 2 to 16 bits, search_start below search_end, and a search_step that makes at most {IfmrErrors.MostCandidates} candidates");
    }
}
