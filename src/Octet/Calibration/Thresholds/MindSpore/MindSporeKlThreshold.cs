using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>
/// MindSpore Lite's KL (mindspore-lite, tools/converter/quantizer/data_distribution.cc): the cut with the least
/// <see cref="MindSporeDivergence"/>, T = (cut + 1/2) · width, then the rule of <see cref="MindSporeScale"/> for −T to T.
/// The zero point is 0 in every type, as in the original, so that an unsigned type loses what is negative.
/// </summary>
public sealed class MindSporeKlThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter BinCount = new("bin_num", 2048, 256, 1 << 14, "Bins of the histogram of magnitudes.") { Aliases = ["bins"] };

    /// <inheritdoc/>
    public string Name => "mindspore-kl";

    /// <inheritdoc/>
    public string Description => "MindSpore Lite's KL: the cut of 2,048 bins that diverges least, the same on both sides of zero.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [BinCount];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var need = Need(settings);
        var bins = statistics.Get(need);
        var (cut, divergence, _) = new MindSporeDivergence(bins.Counts.AsSpan()).Solve();
        float width = need.WidthOver(bins.Range);
        float bound = (float)((cut + 0.5) * width);
        var result = MindSporeScale.ToResult(-bound, bound, type, symmetric, aroundZero: true);
        return result with
        {
            Params = result.Params is { } p ? new QuantParams(p.Type, p.Scale, 0) : null,
            Figures = [.. result.Figures, ("T", bound), ("interval", width), ("threshold_bin", cut), ("kl", divergence)],
        };
    }

    private static MindSporeBins Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new MindSporeBins((int)settings[BinCount]);
    }
}
