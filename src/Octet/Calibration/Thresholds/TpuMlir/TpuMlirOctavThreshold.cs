using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>The mean over the samples of <see cref="OctavThresholds"/>, as SOPHON's tpu-mlir takes it for its method MSE.</summary>
public sealed class TpuMlirOctavThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "tpu-mlir-octav";

    /// <inheritdoc/>
    public string Description => "tpu-mlir's MSE: the mean over the samples of OCTAV's threshold.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [new OctavThresholds(type.Bits)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
        => new OctavThresholds(type.Bits).Mean(statistics, type);
}
