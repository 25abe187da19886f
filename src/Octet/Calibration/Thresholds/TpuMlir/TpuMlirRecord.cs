using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>A threshold of each sample, kept as two floats that add up to the double.</summary>
internal abstract record TpuMlirRecord : BatchRecordsNeed
{
    /// <inheritdoc/>
    public sealed override float[] Measure(SampleValues values)
    {
        if (values.Values.IsEmpty)
        {
            return [];
        }

        double threshold = Threshold(values);
        float high = (float)threshold;
        return [high, (float)(threshold - high)];
    }

    /// <summary>The thresholds of the samples, in the order of the data set.</summary>
    public ImmutableArray<double> Of(TensorStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return [.. statistics.Get(this).InOrder.Where(r => r.Length > 0).Select(r => (double)r[0] + r[1])];
    }

    /// <summary>The mean of the samples' thresholds as a result.</summary>
    public ThresholdResult Mean(TensorStatistics statistics, QuantType type)
    {
        var thresholds = Of(statistics);
        var result = TpuMlirScale.ToResult(thresholds.IsEmpty ? 0 : thresholds.Average(), statistics, type);
        return result with { Figures = [.. result.Figures, ("samples", thresholds.Length)] };
    }

    /// <summary>The threshold of one sample.</summary>
    protected abstract double Threshold(SampleValues values);
}
