using System.Collections.Immutable;

namespace Octet.Planning;

/// <summary>How a target computes one operator with integers.</summary>
public sealed record OperatorRule
{
    /// <summary>Whether weights may have a scale for each output channel. Default false.</summary>
    public bool PerChannelWeights { get; init; }

    /// <summary>Whether all inputs and the output must have one scale and zero point. Default false.</summary>
    public bool SharedScale { get; init; }

    /// <summary>Whether the output of an operator that moves or blends values has parameters of its own, not those of its input. Default false.</summary>
    public bool OwnScale { get; init; }

    /// <summary>Whether the integer kernel can give floats, so that an output that no integer operator reads is not rounded. Default false.</summary>
    public bool FloatOutput { get; init; }

    /// <summary>Values of the attribute <c>mode</c> that the integer kernel knows; null for all. Default null.</summary>
    public ImmutableHashSet<string>? Modes { get; init; }
}
