namespace Octet.Analysis.Causes;

/// <summary>What a quantization came to.</summary>
/// <param name="Sqnr">Of the outputs, in dB.</param>
/// <param name="Lost">Parts of the outputs that lost their values (<see cref="LostParts"/>).</param>
/// <param name="SaturatingSums">Sampled pair sums that would saturate in 16 bits were weights not narrowed; 0 where that was not looked at.</param>
public sealed record Trial(double Sqnr, IReadOnlyList<string> Lost, long SaturatingSums);
