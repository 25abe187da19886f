using System.Collections.Immutable;

namespace Octet.Calibration.Files;

/// <summary>What a threshold method made of a tensor's statistics.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Min">The smallest value seen.</param>
/// <param name="Max">The largest value seen.</param>
/// <param name="Count">Number of values seen.</param>
/// <param name="RangeMin">Lower end of the range chosen, ≤ 0.</param>
/// <param name="RangeMax">Upper end, ≥ 0.</param>
/// <param name="Scale">The scale.</param>
/// <param name="ZeroPoint">The zero point.</param>
public sealed record SolvedTensor(string Name, float Min, float Max, long Count, float RangeMin, float RangeMax, float Scale, int ZeroPoint)
{
    /// <summary>The method's own numbers (loss, chosen index), by name.</summary>
    public ImmutableSortedDictionary<string, double> Figures { get; init; } = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);
}
