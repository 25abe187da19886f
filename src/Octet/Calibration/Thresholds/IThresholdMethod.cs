using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// Chooses the range that a tensor is quantized over: a pure function of its statistics. Values that are not finite are in no histogram
/// and so in no range.
/// </summary>
public interface IThresholdMethod
{
    /// <summary>The name that users write: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Description { get; }

    /// <summary>The numbers that steer it.</summary>
    ImmutableArray<ThresholdParameter> Parameters { get; }

    /// <summary>What it needs to know of a tensor besides the histogram. Default: nothing.</summary>
    /// <param name="type">The type to quantize to.</param>
    /// <param name="symmetric">Whether the scheme is symmetric.</param>
    /// <param name="settings">Made for this method.</param>
    ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [];

    /// <summary>Computes the range.</summary>
    /// <param name="statistics">Of the tensor; may be empty. Holds what <see cref="Needs"/> asks for.</param>
    /// <param name="type">The type to quantize to.</param>
    /// <param name="symmetric">Whether the scheme is symmetric. The range may then still have two ends; the scheme uses the larger.</param>
    /// <param name="settings">Made for this method.</param>
    /// <returns>The range is finite, holds zero, and lies inside the smallest range that holds zero and all finite values.
    /// Values multiplied by a power of two multiply it likewise.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticMissing"/>: something that it needs was not gathered.</exception>
    ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings);
}
