using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>The range with the least sum of squared errors, of rounding and clipping together (Banner et al. 2019, section 3, without a model of the distribution).</summary>
public sealed class MseThreshold : IThresholdMethod
{
    private const int Steps = 24;

    /// <inheritdoc/>
    public string Name => "mse";

    /// <inheritdoc/>
    public string Description => "the least sum of squared errors of rounding and clipping";

    /// <inheritdoc/>
    public ValueRange Compute(LogLinearHistogram histogram, QuantType type, bool symmetric)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var error = new HistogramError(histogram);
        var whole = new ValueRange(histogram.Min, histogram.Max).WithZero();
        double Price(ValueRange range)
        {
            var (scale, zeroPoint) = ValueRange.Solve(range, type, symmetric);
            return error.SquaredError(type, scale, zeroPoint);
        }

        if (symmetric || whole.Min == 0 || whole.Max == 0)
        {
            float share = Search(s => Price(new ValueRange(whole.Min * s, whole.Max * s)));
            return new ValueRange(whole.Min * share, whole.Max * share);
        }

        // Both ends in turn: each search starts from what the other found.
        var best = whole;
        for (int round = 0; round < 2; round++)
        {
            best = best with { Max = whole.Max * Search(s => Price(best with { Max = whole.Max * s })) };
            best = best with { Min = whole.Min * Search(s => Price(best with { Min = whole.Min * s })) };
        }

        return best;
    }

    // The share of the whole range with the least price: a geometric grid down to 1/64, then twice a finer one around the best.
    private static float Search(Func<float, double> price)
    {
        double best = 1;
        double least = price(1);
        double center = 0.125;
        double ratio = 64;
        for (int level = 0; level < 3; level++)
        {
            double step = Math.Pow(ratio, 1.0 / Steps);
            double start = center / Math.Sqrt(ratio);
            for (int i = 0; i <= Steps; i++)
            {
                double share = Math.Min(1, start * Math.Pow(step, i));
                double found = price((float)share);
                if (found < least)
                {
                    (least, best) = (found, share);
                }
            }

            center = best;
            ratio = step * step;
        }

        return (float)best;
    }
}
