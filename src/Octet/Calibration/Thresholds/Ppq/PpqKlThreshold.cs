using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>
/// PPQ's kl (openppl-public/ppq 0.6.6, quantization/observer/range.py): after Migacz 2017, with cuts at multiples of the number of
/// levels only, the lowest 0.2 % of the bins emptied, and the scale = cut / 2^(bits−1). Powers of two are the nearest ones.
/// Always symmetric, as the original is; in asymmetric schemes the zero point is the middle.
/// </summary>
/// <remarks>
/// Where most of a tensor is one background value, it clips far into the tail: a LeNet's first activation to an eighth of its range. The
/// method kl does not; this one is for the same numbers as PPQ's.
/// </remarks>
public sealed class PpqKlThreshold : IThresholdMethod
{
    private const double EmptiedShare = 0.002;
    private const double Epsilon = 1e-30;

    private static readonly ThresholdParameter BinCount = new("hist_bins", 4096, 16, 1 << 16, "Bins of the histogram of magnitudes; a multiple of the levels.") { Aliases = ["bins"] };

    /// <inheritdoc/>
    public string Name => "ppq-kl";

    /// <inheritdoc/>
    public string Description => "PPQ's kl: the cut whose quantized histogram diverges least; powers of two may clip.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [BinCount, PpqScale.PowerOfTwo];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var need = Need(settings);
        var bins = statistics.Get(need);
        int levels = 1 << (Math.Min(type.Bits, 17) - 1);
        var (cut, divergence) = Cut(bins.Counts.AsSpan(), Math.Min(levels, need.Bins));
        double width = need.WidthOver(bins.Range);
        var result = PpqScale.OfScale((double)cut / need.Bins * width * ((double)need.Bins / levels), type, settings.IsOn(PpqScale.PowerOfTwo));
        return result with { Figures = [.. result.Figures, ("kl", divergence), ("bin_range", cut), ("hist_scale", width)] };
    }

    /// <summary>The number of bins that are kept, and the divergence.</summary>
    internal static (int Cut, double Divergence) Cut(ReadOnlySpan<long> counts, int levels)
    {
        float[] histogram = new float[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            histogram[i] = counts[i];
        }

        int emptied = (int)(counts.Length * EmptiedShare);
        histogram.AsSpan(0, emptied).Clear();
        histogram[emptied] = 1;
        float total = Sum(histogram);
        int best = levels;
        double least = double.PositiveInfinity;
        for (int cut = levels; cut <= counts.Length; cut += levels)
        {
            double divergence = Divergence(histogram, cut, levels, total);
            if (divergence < least)
            {
                (least, best) = (divergence, cut);
            }
        }

        return (best, least);
    }

    private static double Divergence(float[] histogram, int cut, int levels, float total)
    {
        float tail = Sum(histogram.AsSpan(cut));
        float[] spread = new float[cut];
        int ratio = cut / levels;
        for (int level = 0; level < levels; level++)
        {
            var group = histogram.AsSpan(level * ratio, ratio);
            int occupied = group.Length - group.Count(0f);
            float share = Sum(group) / Math.Max(1, occupied);
            for (int i = 0; i < ratio; i++)
            {
                spread[level * ratio + i] = group[i] > 0 ? share : 0;
            }
        }

        float mass = Sum(spread);
        double sum = 0;
        for (int i = 0; i < cut; i++)
        {
            double p = (histogram[i] + (i == cut - 1 ? tail : 0)) / total;
            double q = spread[i] / mass;
            sum += p * (Math.Log10(p + Epsilon) - Math.Log10(q + Epsilon));
        }

        return sum;
    }

    private static float Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return (float)sum;
    }

    private static PpqBins Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new PpqBins((int)settings[BinCount], Symmetric: true);
    }
}
