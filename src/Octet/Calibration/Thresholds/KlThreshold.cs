using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// The clipping threshold whose quantized distribution is nearest to the real one by Kullback–Leibler divergence (S. Migacz,
/// "8-bit Inference with TensorRT", GTC 2017, pages 32 to 37): 2,048 linear bins of magnitudes, merged into the type's levels.
/// </summary>
public sealed class KlThreshold : IThresholdMethod
{
    private const int BinCount = 2048;
    private const int Stride = 16;

    /// <inheritdoc/>
    public string Name => "kl";

    /// <inheritdoc/>
    public string Description => "the least Kullback–Leibler divergence between the values before and after";

    /// <inheritdoc/>
    public ValueRange Compute(LogLinearHistogram histogram, QuantType type, bool symmetric)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var whole = new ValueRange(histogram.Min, histogram.Max).WithZero();
        double bound = whole.Bound;
        if (bound == 0)
        {
            return whole;
        }

        // Both signs share the levels where there are both, as magnitudes share them in the source.
        int levels = 1 << Math.Min(type.Bits - (symmetric || (whole.Min < 0 && whole.Max > 0) ? 1 : 0), 11);
        double[] bins = Linear(histogram, bound);
        double threshold = bound;
        double least = double.PositiveInfinity;
        for (int used = Math.Min(levels, BinCount); used <= BinCount; used += Stride)
        {
            double divergence = Divergence(bins, used, levels);
            if (divergence < least)
            {
                least = divergence;
                threshold = bound * used / BinCount;
            }
        }

        return new ValueRange((float)Math.Max(whole.Min, -threshold), (float)Math.Min(whole.Max, threshold));
    }

    // Zeros are left out: an activation function's zeros are exact and would drown everything else.
    private static double[] Linear(LogLinearHistogram histogram, double bound)
    {
        var linear = new double[BinCount];
        foreach (var (low, high, count) in histogram.Bins())
        {
            double from = Math.Min(Math.Abs(low), Math.Abs(high)) / bound * BinCount;
            double to = Math.Max(Math.Abs(low), Math.Abs(high)) / bound * BinCount;
            if (to == 0)
            {
                continue;
            }

            int first = Math.Min((int)from, BinCount - 1);
            int last = Math.Min((int)to, BinCount - 1);
            for (int i = first; i <= last; i++)
            {
                linear[i] += last == first ? count : count * Math.Max(0, Math.Min(to, i + 1) - Math.Max(from, i)) / (to - from);
            }
        }

        return linear;
    }

    private static double Divergence(double[] bins, int used, int levels)
    {
        double total = 0;
        double outliers = 0;
        for (int i = 0; i < bins.Length; i++)
        {
            total += bins[i];
            outliers += i >= used ? bins[i] : 0;
        }

        double divergence = 0;
        double merged = total - outliers;
        if (merged <= 0)
        {
            return double.PositiveInfinity;
        }

        for (int level = 0; level < levels; level++)
        {
            int start = (int)((long)level * used / levels);
            int end = (int)((long)(level + 1) * used / levels);
            double sum = 0;
            int filled = 0;
            for (int i = start; i < end; i++)
            {
                sum += bins[i];
                filled += bins[i] > 0 ? 1 : 0;
            }

            for (int i = start; i < end; i++)
            {
                double p = (bins[i] + (i == used - 1 ? outliers : 0)) / total;
                double q = bins[i] > 0 ? sum / filled / merged : 0;
                divergence += p == 0 ? 0 : p * Math.Log(p / Math.Max(q, 1e-12));
            }
        }

        return divergence;
    }
}
