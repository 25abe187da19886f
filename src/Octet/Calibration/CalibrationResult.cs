using System.Collections.Immutable;
using Octet.Calibration.Patches;

namespace Octet.Calibration;

/// <summary>What a sweep gathered.</summary>
/// <param name="Tensors">The statistics of each observed tensor, by name.</param>
/// <param name="Patches">The sampled rows of each layer that asked for some, by key.</param>
public sealed record CalibrationResult(IReadOnlyDictionary<string, TensorStatistics> Tensors, IReadOnlyDictionary<string, PatchSet> Patches)
{
    /// <summary>Nothing.</summary>
    public static CalibrationResult Empty { get; } = new(ImmutableDictionary<string, TensorStatistics>.Empty, ImmutableDictionary<string, PatchSet>.Empty);
}
