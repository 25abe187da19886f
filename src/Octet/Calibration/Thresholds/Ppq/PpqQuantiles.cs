using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>Two order statistics of each batch, at PPQ's ranks: ⌊n (1 − p)⌋ + 1 and min(⌊n p⌋, n − 1) + 1 from below.</summary>
/// <param name="Percentile">p, a share.</param>
internal sealed record PpqQuantiles(double Percentile) : BatchRecordsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "ppq-quantiles";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Percentile];

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static PpqQuantiles? Of(ImmutableArray<double> p) => p[0] is >= 0 and <= 1 ? new PpqQuantiles(p[0]) : null;

    /// <inheritdoc/>
    public override float[] Measure(SampleValues values)
    {
        int count = values.Values.Length;
        if (count == 0)
        {
            return [];
        }

        int low = Math.Min((int)(count * (1 - Percentile)), count - 1);
        int high = Math.Min((int)(count * Percentile), count - 1);
        return [values.Sorted(low), values.Sorted(high)];
    }
}
