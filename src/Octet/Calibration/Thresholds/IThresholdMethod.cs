using System.Collections.Immutable;
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

    /// <summary>Computes the range.</summary>
    /// <param name="statistics">Of the tensor; may be empty.</param>
    /// <param name="type">The type to quantize to.</param>
    /// <param name="symmetric">Whether the scheme is symmetric. The range may then still have two ends; the scheme uses the larger.</param>
    /// <param name="settings">Made for this method.</param>
    /// <returns>Finite, holding zero, and inside the smallest range that holds zero and all finite values.
    /// Values multiplied by a power of two multiply it likewise.</returns>
    ValueRange Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings);
}
