using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>tpu-mlir's histogram.</summary>
/// <param name="Bins">Bins at the start.</param>
internal sealed record TpuMlirBins(int Bins) : NeedFor<TpuMlirHistogram>
{
    /// <summary>The name.</summary>
    public const string NeedName = "tpu-mlir-bins";

    /// <inheritdoc/>
    public override StatisticKind Kind => StatisticKind.Ordered;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bins];

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static TpuMlirBins? Of(ImmutableArray<double> p) => p[0] is >= 16 and <= 1 << 20 ? new TpuMlirBins((int)p[0]) : null;

    /// <inheritdoc/>
    public override TpuMlirHistogram Create(TensorStatistics first) => new(Bins);
}
