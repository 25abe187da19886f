using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// What the methods have in common that cut a linear histogram of magnitudes where the quantized distribution diverges least:
/// threshold = (cut + 1/2) · width, at most the largest magnitude. Values of one sign have all levels of an asymmetric scheme to themselves.
/// Types of more than 8 bits get the range of 8 bits, since bins are not finer.
/// </summary>
/// <remarks>
/// Kept as the originals are: where most of a tensor is one background value, which a level of one bin represents exactly, they cut far into
/// the tail and can ruin a network. The method kl, which works on bins of equal ratio, does not.
/// </remarks>
public abstract class CutThreshold : IThresholdMethod
{
    private const int MostBits = 8;

    private static readonly ThresholdParameter BinCount = new("bins", 2048, 4, 1 << 13, "Bins of the histogram of magnitudes.") { Aliases = ["th_binnum", "hist_bins"] };

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [BinCount];

    /// <summary>Q, as a share of P, in a last bin that is empty but for what is clipped.</summary>
    private protected virtual double EmptyShare => 1e-4;

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var need = Need(settings);
        var bins = statistics.Get(need);
        var whole = bins.Range.WithZero();
        int bits = Math.Min(type.Bits, MostBits) - (symmetric || (whole.Min < 0 && whole.Max > 0) ? 1 : 0);
        var (cut, divergence) = CutDivergence.Least(bins.Counts.AsSpan(), Math.Min(1 << bits, need.Bins), Term, EmptyShare);
        float width = need.WidthOver(bins.Range);
        float bound = Math.Min((float)((cut + 0.5) * width), whole.Bound);
        return new ThresholdResult(new ValueRange(Math.Max(whole.Min, -bound), Math.Min(whole.Max, bound)))
        {
            Figures = [("threshold", bound), ("threshold_bin", cut), ("bin_width", width), ("divergence", divergence)],
        };
    }

    /// <summary>What one bin adds to the divergence.</summary>
    private protected abstract double Term(double p, double logP, double q, double logQ);

    private static RoundedBins Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new RoundedBins((int)settings[BinCount]);
    }
}
