namespace Octet.Lowering;

/// <summary>What became of a layer in a mode without calibration.</summary>
/// <param name="Name">The user's name for it.</param>
/// <param name="OpType">Operator.</param>
/// <param name="Weights">Constant values among its operands.</param>
/// <param name="Why">Why it stays float; null where it does not.</param>
public sealed record LayerOutcome(string Name, string OpType, long Weights, string? Why)
{
    /// <summary>Whether its weights are stored as integers while it computes with floats.</summary>
    public bool IsStoredOnly { get; init; }

    /// <summary>Output channels whose weights were limited so that 16-bit sums cannot saturate.</summary>
    public int TouchedChannels { get; init; }
}
