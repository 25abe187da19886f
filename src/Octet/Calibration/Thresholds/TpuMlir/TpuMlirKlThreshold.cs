using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// tpu-mlir's KL (sophgo/tpu-mlir, bindings/kld/calibration_math.cpp), after Migacz 2017: cuts at multiples of the number of levels only, logarithms
/// to base 10 with 10^−30 added, and T = cut · width, which may exceed the largest magnitude before it is brought back.
/// </summary>
public sealed class TpuMlirKlThreshold : IThresholdMethod
{
    private const double Epsilon = 1e-30;
    private const int MostCutBins = 131_072;

    private static readonly ThresholdParameter BinCount = new("histogram_bin_num", 2048, 16, 1 << 16, "Bins of the first sample's histogram.") { Aliases = ["bins", "histogram_bins"] };

    /// <inheritdoc/>
    public string Name => "tpu-mlir-kl";

    /// <inheritdoc/>
    public string Description => "tpu-mlir's KL: the cut whose quantized histogram diverges least; the first sample fixes the bins.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [BinCount];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var histogram = statistics.Get(Need(settings));
        int levels = 1 << (Math.Clamp(type.Bits, 2, 12) - 1);
        var (threshold, best, scores) = Solve(histogram.Counts, histogram.Width, levels);
        var result = TpuMlirScale.ToResult(threshold, statistics, type);
        return result with
        {
            Figures = [.. result.Figures, ("kl_threshold", threshold), ("best_m", best), ("kl", scores[best]), ("width", histogram.Width), ("final_bins", histogram.Counts.Length)],
        };
    }

    /// <summary>The threshold, the index of the best cut, and the scores of all.</summary>
    internal static (float Threshold, int Best, double[] Scores) Solve(ReadOnlySpan<long> counts, float width, int levels)
    {
        // Long histograms are halved, pair by pair, as often as it takes.
        long[] histogram = [.. counts, .. new long[(levels - counts.Length % levels) % levels]];
        while (histogram.Length > MostCutBins)
        {
            histogram = [.. histogram.Chunk(2).Select(p => p.Sum()), .. new long[(levels - (histogram.Length + 1) / 2 % levels) % levels]];
            width *= 2;
        }

        double total = histogram.Sum();
        double[] scores = new double[histogram.Length / levels];
        int best = 0;
        for (int m = 0; m < scores.Length && total > 0; m++)
        {
            scores[m] = Score(histogram, (m + 1) * levels, levels, total);
            if (scores[m] < scores[best])
            {
                best = m;
            }
        }

        return (width * (best + 1) * levels, best, scores);
    }

    private static double Score(long[] histogram, int cut, int levels, double total)
    {
        double kept = 0;
        double spreadSum = 0;
        int ratio = cut / levels;
        double[] spread = new double[cut];
        for (int level = 0; level < levels; level++)
        {
            var group = histogram.AsSpan(level * ratio, ratio);
            long sum = 0;
            foreach (long count in group)
            {
                sum += count;
            }

            kept += sum;
            int occupied = ratio - group.Count(0L);
            double share = (double)sum / Math.Max(1, occupied);
            for (int i = 0; i < ratio; i++)
            {
                spread[level * ratio + i] = group[i] > 0 ? share : 0;
            }

            spreadSum += sum;
        }

        double score = 0;
        for (int i = 0; i < cut; i++)
        {
            double p = (histogram[i] + (i == cut - 1 ? total - kept : 0)) / total;
            double q = spreadSum > 0 ? spread[i] / spreadSum : 0;
            score += p * (Math.Log10(p + Epsilon) - Math.Log10(q + Epsilon));
        }

        return score;
    }

    private static TpuMlirBins Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new TpuMlirBins((int)settings[BinCount]);
    }
}
