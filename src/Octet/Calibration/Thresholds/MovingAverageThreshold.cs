using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// The exponential moving average of the batches' extremes that TensorFlow's contrib.quantize keeps while it trains (Jacob et al. 2018,
/// section 3.1): a ← a − (1 − decay) · (a − extreme) from 0, where zero counts among the values of every batch. With zero_debias the
/// average is divided by 1 − decay^t (Kingma and Ba 2015, "Adam", section 3), as TensorFlow 1's assign_moving_average does; without,
/// it starts at init_min and init_max.
/// </summary>
public sealed class MovingAverageThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter Decay = new("ema_decay", 0.999, 0, 1 - 1e-9, "Weight of the past at each batch.") { Aliases = ["decay"] };
    private static readonly ThresholdParameter ZeroDebias = new("zero_debias", 1, 0, 1, "Whether the start at zero is divided out.");
    private static readonly ThresholdParameter InitMin = new("init_min", 0, -1e30, 0, "Start of the lower end without zero_debias.");
    private static readonly ThresholdParameter InitMax = new("init_max", 6, 0, 1e30, "Start of the upper end without zero_debias.");
    private static readonly BatchExtremes Extremes = new();

    /// <inheritdoc/>
    public string Name => "moving-average";

    /// <inheritdoc/>
    public string Description => "TensorFlow's: an exponential moving average of the extremes of each batch.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Decay, ZeroDebias, InitMin, InitMax];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Extremes];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(settings);
        float[][] batches = [.. statistics.Get(Extremes).InOrder.Where(b => b.Length > 0)];
        bool debias = settings.IsOn(ZeroDebias);
        double kept = settings[Decay];
        double min = debias ? 0 : settings[InitMin];
        double max = debias ? 0 : settings[InitMax];
        foreach (float[] batch in batches)
        {
            min -= (1 - kept) * (min - Math.Min(batch[0], 0));
            max -= (1 - kept) * (max - Math.Max(batch[1], 0));
        }

        if (!debias || batches.Length == 0)
        {
            return new ValueRange((float)min, (float)max);
        }

        // An average lies within what it averages; rounding may not carry it out.
        double share = 1 - Math.Pow(kept, batches.Length);
        var whole = new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero();
        return new ThresholdResult(new ValueRange(Math.Max((float)(min / share), whole.Min), Math.Min((float)(max / share), whole.Max)))
        {
            Figures = [("batches", batches.Length)],
        };
    }
}
