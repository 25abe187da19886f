using System.Collections.Immutable;
using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>What a chip or runtime computes with integers: a table. One file a target, listed in <see cref="Targets.TargetCatalog"/>.</summary>
public sealed record Target
{
    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Description { get; init; }

    /// <summary>Type of quantized activations.</summary>
    public required QuantType Activations { get; init; }

    /// <summary>Whether the zero point of activations is always 0.</summary>
    public bool SymmetricActivations { get; init; }

    /// <summary>Type of quantized weights; their zero point is 0 and their range symmetric.</summary>
    public required QuantType Weights { get; init; }

    /// <summary>Whether all scales are powers of two. Default false.</summary>
    public bool PowerOfTwoScales { get; init; }

    /// <summary>The scheme of activations.</summary>
    public QuantScheme Scheme => PowerOfTwoScales ? QuantScheme.PowerOfTwo : SymmetricActivations ? QuantScheme.Symmetric : QuantScheme.Asymmetric;

    /// <summary>Operators with integer kernels, by name.</summary>
    public required ImmutableSortedDictionary<string, OperatorRule> Operators { get; init; }

    /// <summary>
    /// Whether, on some of its processors, two neighbouring products are added in 16 bits, so that weights must keep
    /// such sums from saturating.
    /// </summary>
    public bool PairSumsMaySaturate { get; init; }

    /// <summary>
    /// Whether operators behind the last layer with weights stay float: they cost little time there, and integers would
    /// only round the network's outputs. Default false: chips without floats.
    /// </summary>
    public bool FloatTail { get; init; }

    /// <summary>The rule for an operator of ONNX's own set; null where the target has no integer kernel for it.</summary>
    public OperatorRule? RuleFor(string domain, string opType) => domain.Length == 0 ? Operators.GetValueOrDefault(opType) : null;
}
