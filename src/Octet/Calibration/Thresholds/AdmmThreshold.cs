using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// SOPHON's ADMM: scale and integers in turn, after Leng et al. 2018, "Extremely Low Bit Neural Network: Squeeze the Last Bit Out with
/// ADMM", section 3.2: q = clamp(round(x / s)), then s = Σ x q / Σ q², which never makes the squared error larger, until s moves by less than
/// the tolerance. It starts at the whole range, whose zero point stays; works over the values themselves, and ends in the nearest
/// local optimum.
/// </summary>
public sealed class AdmmThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter MaxIterations = new("max_iterations", 50, 1, 1000, "Most rounds.");
    private static readonly ThresholdParameter Tolerance = new("tolerance", 1e-6, 0, 1, "Relative change of the scale that ends the rounds.");
    private static readonly RawValuesNeed Values = new();

    /// <inheritdoc/>
    public string Name => "admm";

    /// <inheritdoc/>
    public string Description => "SOPHON's ADMM: scale and integers fitted in turn over the values themselves, which are not saved.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [MaxIterations, Tolerance];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Values];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(settings);
        var whole = new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero();
        if (whole.Bound == 0)
        {
            return whole;
        }

        var samples = statistics.Get(Values).InOrder;
        var (lowest, highest) = Integers(whole, type, symmetric);
        double start = symmetric ? whole.Bound / highest : ((double)whole.Max - whole.Min) / (highest - lowest);
        double scale = start;
        int iterations = 0;
        for (bool moving = true; moving && iterations < settings[MaxIterations]; iterations++)
        {
            double next = Fit(samples, scale, lowest, highest);
            moving = Math.Abs(next - scale) > settings[Tolerance] * scale;
            scale = next;
        }

        // Of values that all round to zero, nothing is learnt.
        scale = scale > 0 && double.IsFinite(scale) ? scale : start;
        var range = new ValueRange(Math.Max(whole.Min, (float)(lowest * scale)), Math.Min(whole.Max, (float)(highest * scale)));
        return new ThresholdResult(range) { Figures = [("threshold", range.Bound), ("fitted_scale", scale), ("iterations", iterations)] };
    }

    /// <summary>The lowest and the highest integer as counted from the zero point of the whole range.</summary>
    private static (double Lowest, double Highest) Integers(ValueRange whole, QuantType type, bool symmetric)
    {
        if (symmetric)
        {
            double bound = (1L << (type.Bits - 1)) - 1;
            return (-bound, bound);
        }

        var (_, zeroPoint) = ValueRange.Solve(whole, type, symmetric: false);
        return ((double)type.Min - zeroPoint, (double)type.Max - zeroPoint);
    }

    private static double Fit(IReadOnlyList<float[]> samples, double scale, double lowest, double highest)
    {
        double products = 0;
        double squares = 0;
        foreach (float[] values in samples)
        {
            foreach (float value in values)
            {
                double integer = Math.Clamp(Math.Round(value / scale), lowest, highest);
                products += value * integer;
                squares += integer * integer;
            }
        }

        return products / squares;
    }
}
