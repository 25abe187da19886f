using System.Collections.Immutable;
using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>
/// A platform of PPQ 0.6.6: what its quantizer does, as a <see cref="Target"/> of ours with what PPQ says besides. <see cref="All"/> lists those that Octet
/// has; <see cref="Find"/> tells of the others why not.
/// </summary>
public sealed record TargetPlatform
{
    /// <summary>PPQ's name, FPGA_INT8 for example.</summary>
    public required string Name { get; init; }

    /// <summary>PPQ's number, 502 for example, as dispatching tables have it.</summary>
    public required int Id { get; init; }

    /// <summary>Operators that PPQ quantizes for it, by ONNX name; those that Octet has no quantized form of stay float, and a warning tells so.</summary>
    public required ImmutableSortedSet<string> QuantTypes { get; init; }

    /// <summary>Types, schemes and sharing.</summary>
    public required Target Table { get; init; }

    /// <summary>The observer of weights: percentile or minmax.</summary>
    public required string WeightAlgorithm { get; init; }

    /// <summary>The scheme of weights.</summary>
    public QuantScheme WeightScheme { get; init; } = QuantScheme.Symmetric;

    /// <summary>Another type for the weights of some layers, or null for that of <see cref="Table"/>.</summary>
    internal Func<Node, QuantType?> OtherWeights { get; init; } = _ => null;

    /// <summary>How biases are rounded; null where they stay float.</summary>
    public PassiveBias? Bias { get; init; }

    /// <summary>How activations are rounded.</summary>
    public RoundingPolicy Rounding { get; init; }

    /// <summary>How the network's inputs are rounded.</summary>
    public RoundingPolicy InputRounding { get; init; }

    /// <summary>How weights are rounded.</summary>
    public RoundingPolicy WeightRounding { get; init; }

    /// <summary>The platforms that Octet has.</summary>
    public static IReadOnlyList<TargetPlatform> All => Platforms.All;

    /// <summary>The platform of that name.</summary>
    /// <param name="name">PPQ's name.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: PPQ has no such platform; <see cref="ErrorCodes.DialectUnsupported"/>: Octet does not have it.</exception>
    public static TargetPlatform Find(string name)
        => All.FirstOrDefault(p => p.Name == name)
            ?? (Platforms.Refused.TryGetValue(name, out string? why)
                ? throw new OctetException(ErrorCodes.DialectUnsupported, $"Octet does not quantize for PPQ's platform {name}: {why}", $"it has {string.Join(", ", All.Select(p => p.Name))}")
                : throw NameSuggestion.Unknown("platform", name, All.Select(p => p.Name)));
}
