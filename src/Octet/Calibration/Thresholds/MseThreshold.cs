using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// Least expected squared error, rounding and clipping together (Sung, Shin and Hwang 2015, "Resiliency of Deep Neural Networks under
/// Quantization"; the search over both ends follows Choukroun et al. 2019, "Low-bit Quantization of Neural Networks for Efficient
/// Inference", section 3). The error is that of <see cref="HistogramError"/>, for the grid that the scheme really makes of a range.
/// </summary>
public sealed class MseThreshold : IThresholdMethod
{
    // Ends are sought on a ladder of ratios under the extremes, so that an outlier costs no resolution.
    private const int Octaves = 24;
    private const int CoarseStepsPerOctave = 2;
    private const int StepsPerOctave = 8;
    private const int Starts = 32;
    private const int Refinements = 4;

    /// <inheritdoc/>
    public string Name => "mse";

    /// <inheritdoc/>
    public string Description => "The range with the least squared error of rounding and clipping.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var whole = new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero();
        var search = new Search(new HistogramError(statistics.Histogram), whole, type, symmetric);
        if (symmetric || whole.Min == 0 || whole.Max == 0)
        {
            search.Ladder();
            search.Refine(1.0 / StepsPerOctave, together: true);
        }
        else
        {
            search.Grid();
            search.Refine(1.0 / CoarseStepsPerOctave, together: false);
        }

        return search.Best;
    }

    /// <summary>The best range so far. Ends are 2^−(low) and 2^−(high) of the extremes.</summary>
    private sealed class Search(HistogramError error, ValueRange whole, QuantType type, bool symmetric)
    {
        private double bestError = double.PositiveInfinity;
        private double bestLow;
        private double bestHigh;

        public ValueRange Best => RangeOf(bestLow, bestHigh);

        /// <summary>Tries both ends at the same bound (the only end, where values have one sign).</summary>
        public void Ladder()
        {
            for (int i = 0; i <= Octaves * StepsPerOctave; i++)
            {
                double fraction = (double)i / StepsPerOctave;
                Try(fraction, fraction);
            }
        }

        /// <summary>Tries all pairs of ends with the cheap estimate, the best of them and the whole range in earnest.</summary>
        public void Grid()
        {
            const int steps = Octaves * CoarseStepsPerOctave;
            var estimates = new (double Error, int Low, int High)[(steps + 1) * (steps + 1)];
            for (int low = 0; low <= steps; low++)
            {
                for (int high = 0; high <= steps; high++)
                {
                    var range = RangeOf((double)low / CoarseStepsPerOctave, (double)high / CoarseStepsPerOctave);
                    var (scale, zeroPoint) = ValueRange.Solve(range, type, symmetric);
                    estimates[low * (steps + 1) + high] = (error.Estimate(type, scale, zeroPoint), low, high);
                }
            }

            Array.Sort(estimates);
            Try(0, 0);
            foreach (var (_, low, high) in estimates.AsSpan(0, Starts))
            {
                Try((double)low / CoarseStepsPerOctave, (double)high / CoarseStepsPerOctave);
            }
        }

        /// <summary>Looks around the best, closer each time.</summary>
        public void Refine(double spacing, bool together)
        {
            const int reach = 4;
            for (int round = 0; round < Refinements; round++)
            {
                var (low, high) = (bestLow, bestHigh);
                spacing /= reach;
                for (int i = -reach; i <= reach; i++)
                {
                    for (int j = together ? i : -reach; j <= (together ? i : reach); j++)
                    {
                        Try(low + i * spacing, high + j * spacing);
                    }
                }
            }
        }

        private void Try(double low, double high)
        {
            low = Math.Max(0, low);
            high = Math.Max(0, high);
            var range = RangeOf(low, high);
            var (scale, zeroPoint) = ValueRange.Solve(range, type, symmetric);
            double candidate = error.SquaredError(type, scale, zeroPoint);
            if (candidate < bestError)
            {
                (bestError, bestLow, bestHigh) = (candidate, low, high);
            }
        }

        private ValueRange RangeOf(double low, double high)
        {
            if (symmetric)
            {
                double bound = whole.Bound * Math.Pow(2, -high);
                return new ValueRange((float)Math.Max(whole.Min, -bound), (float)Math.Min(whole.Max, bound));
            }

            return new ValueRange((float)(whole.Min * Math.Pow(2, -low)), (float)(whole.Max * Math.Pow(2, -high)));
        }
    }
}
