using System.Collections.Immutable;

namespace Octet.Calibration.Thresholds;

/// <summary>A number that steers a threshold method.</summary>
/// <param name="Name">As users write it.</param>
/// <param name="Default">Where the user says nothing.</param>
/// <param name="Min">Smallest allowed value.</param>
/// <param name="Max">Largest allowed value.</param>
/// <param name="Description">What it does, in one sentence.</param>
public sealed record ThresholdParameter(string Name, double Default, double Min, double Max, string Description)
{
    /// <summary>Other names of it.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Whether a name means this parameter.</summary>
    public bool IsCalled(string name) => Name == name || Aliases.Contains(name);
}
