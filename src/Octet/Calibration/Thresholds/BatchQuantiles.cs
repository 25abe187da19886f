using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds;

/// <summary>The order statistics of each batch with a share of (1 − p) of its values, rounded down, beyond either.</summary>
/// <param name="Share">p.</param>
internal sealed record BatchQuantiles(double Share) : BatchRecordsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "batch-quantiles";

    // What 0.9999 lacks to 1 is a little less than 0.0001: products that should be whole numbers count as such.
    private const double Slack = 1e-9;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Share];

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static BatchQuantiles? Of(ImmutableArray<double> p) => p[0] is >= 0.5 and <= 1 ? new BatchQuantiles(p[0]) : null;

    /// <inheritdoc/>
    public override float[] Measure(SampleValues values)
    {
        int count = values.Values.Length;
        if (count == 0)
        {
            return [];
        }

        int dropped = Math.Min((int)((1 - Share) * count + Slack * count), (count - 1) / 2);
        return [values.Sorted(dropped), values.Sorted(count - 1 - dropped)];
    }
}
