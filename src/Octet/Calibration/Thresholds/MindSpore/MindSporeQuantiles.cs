using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>Two order statistics of each batch, at indices that MindSpore Lite computes in 32-bit floats: ⌊p n⌋ and ⌊(1 − p) n⌋.</summary>
/// <param name="Percent">p, a share.</param>
internal sealed record MindSporeQuantiles(double Percent) : BatchRecordsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "mindspore-quantiles";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Percent];

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static MindSporeQuantiles? Of(ImmutableArray<double> p) => p[0] is >= 0 and <= 1 ? new MindSporeQuantiles(p[0]) : null;

    /// <inheritdoc/>
    public override float[] Measure(SampleValues values)
    {
        int count = values.Values.Length;
        if (count == 0)
        {
            return [];
        }

        int high = Math.Min((int)((float)Percent * count), count - 1);
        int low = Math.Min((int)((float)(1 - Percent) * count), count - 1);
        return [values.Sorted(low), values.Sorted(high)];
    }
}
