namespace Octet;

/// <summary>One layer's part in a report.</summary>
/// <param name="Name">The user's name for it.</param>
/// <param name="OpType">Operator.</param>
/// <param name="Decision"><c>quantized</c>, <c>absorbed</c>, <c>float</c>, or <c>weights</c>: stored as integers, computed with floats.</param>
/// <param name="Why">Why it is float; null where it is not.</param>
/// <param name="MultiplyAccumulates">Of one sample.</param>
/// <param name="Sqnr">10·log₁₀(Σf² / Σ(f−q)²) of its output with everything before it quantized, in dB; null where not measured.</param>
/// <param name="WeightRounding">How the weights were rounded: <c>nearest</c> or <c>feedback</c>; null where there are none.</param>
/// <param name="SaturatingChannels">Output channels whose weights were narrowed so that pair sums do not saturate.</param>
public sealed record LayerReport(
    string Name, string OpType, string Decision, string? Why, long MultiplyAccumulates, double? Sqnr, string? WeightRounding, int SaturatingChannels)
{
    /// <summary>What was decided for it and why, in words: for layers that are not float, too; null where the mode decides nothing layer by layer.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What quantizing it alone costs of the outputs' SQNR, in dB: 10·log₁₀(1 / (1 − share)) for the share of all the outputs' noise that it makes when nothing
    /// else is quantized; at most 20. Null where not measured.
    /// </summary>
    public double? Cost { get; init; }

    /// <summary>What the choices for its weights cost; null where they were not judged on samples.</summary>
    public WeightCosts? Weights { get; init; }
}
