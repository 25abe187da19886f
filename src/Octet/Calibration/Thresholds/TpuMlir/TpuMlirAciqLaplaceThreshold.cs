using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>The mean over the samples of <see cref="AciqThresholds"/> under Laplace's distribution, as SOPHON's tpu-mlir takes it.</summary>
public sealed class TpuMlirAciqLaplaceThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "tpu-mlir-aciq-laplace";

    /// <inheritdoc/>
    public string Description => "tpu-mlir's ACIQ under Laplace's distribution: the mean over the samples.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [new AciqThresholds(type.Bits, Laplace: true)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
        => new AciqThresholds(type.Bits, Laplace: true).Mean(statistics, type);
}
