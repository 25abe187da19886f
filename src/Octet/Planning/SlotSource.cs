using System.Collections.Immutable;

namespace Octet.Planning;

/// <summary>Where the quantization parameters of a tensor come from. Biases are derived (input scale × weight scale) and have no slot of their own.</summary>
public abstract record SlotSource
{
    private SlotSource()
    {
    }

    /// <summary>From observed values.</summary>
    /// <param name="Observed">The tensors whose values together make the statistics: the tensor itself, or all that must share its scale.</param>
    public sealed record Calibrated(ImmutableArray<string> Observed) : SlotSource;

    /// <summary>From the operator's definition.</summary>
    /// <param name="Min">Smallest possible value.</param>
    /// <param name="Max">Largest possible value.</param>
    public sealed record Fixed(float Min, float Max) : SlotSource;

    /// <summary>Those of another tensor.</summary>
    /// <param name="Tensor">Name of the tensor whose parameters these are; itself not of this kind.</param>
    public sealed record SameAs(string Tensor) : SlotSource;

    /// <summary>A constant that is an operand, not weights: from its own values.</summary>
    public sealed record Constant : SlotSource;
}
