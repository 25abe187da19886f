using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds.Ppq;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// PPQ's isotone, for logits (openppl-public/ppq 0.6.6, quantization/observer/order.py): the scale at which the largest value of the most
/// rows stays apart from the second. A row with the largest values a ≥ b allows the scales from b / (qmax − 0.51) to 2 (a − max(b, 0));
/// of the scales that most rows allow, the smallest wins. Where no row allows any, or the smallest is zero, the rule of ppq-minmax. Never a power of two.
/// </summary>
public sealed class IsotoneThreshold : IThresholdMethod
{
    // The second value must round below the largest integer.
    private const double Margin = 0.51;

    private static readonly ThresholdParameter Axis = new("axis", -1, -RowTops.MostAxes, RowTops.MostAxes - 1, "Axis along which the largest value must stay the largest.");

    /// <inheritdoc/>
    public string Name => "isotone";

    /// <inheritdoc/>
    public string Description => "PPQ's for logits: keeps the largest value of each row the largest.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Axis];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        int middle = PpqScale.Middle(type);
        var (scale, kept, rows) = Solve(statistics.Get(Need(settings)).InOrder, type.Max - middle - Margin);
        if (kept == 0)
        {
            return PpqScale.OfRange(statistics.Histogram.Min, statistics.Histogram.Max, type, symmetric, powerOfTwo: false) with { Figures = [("rows", rows), ("rows_kept", 0)] };
        }

        var parameters = new QuantParams(type, (float)scale, middle);
        return new ThresholdResult(new ValueRange(parameters.RealMin(), parameters.RealMax()).Finite(), parameters) { Figures = [("rows", rows), ("rows_kept", kept)] };
    }

    /// <summary>The scale, the rows that allow it, and all rows.</summary>
    internal static (double Scale, int Kept, int Rows) Solve(IEnumerable<float[]> tops, double highest)
    {
        var ends = new List<(double Scale, int Step)>();
        int rows = 0;
        foreach (float[] batch in tops)
        {
            for (int i = 0; i + 1 < batch.Length; i += 2)
            {
                rows++;
                double low = Math.Max(0, batch[i + 1] / highest);
                double high = 2 * (batch[i] - Math.Max(0, (double)batch[i + 1]));
                if (low < high)
                {
                    ends.Add((low, 1));
                    ends.Add((high, -1));
                }
            }
        }

        ends.Sort();
        double best = 0;
        int open = 0;
        int most = 0;
        foreach (var (scale, step) in ends)
        {
            open += step;
            if (open > most)
            {
                (most, best) = (open, scale);
            }
        }

        return (best, float.IsNormal((float)best) ? most : 0, rows);
    }

    private static RowTops Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new RowTops((int)settings[Axis]);
    }
}
