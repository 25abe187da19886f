using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>The running histogram of HFMG.</summary>
/// <param name="Bins">Number of bins.</param>
internal sealed record HfmgBins(int Bins) : NeedFor<HfmgHistogram>
{
    /// <summary>The name.</summary>
    public const string NeedName = "hfmg-bins";

    /// <inheritdoc/>
    public override StatisticKind Kind => StatisticKind.Ordered;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bins];

    /// <inheritdoc/>
    public override HfmgHistogram Create(TensorStatistics first) => new(Bins);
}
