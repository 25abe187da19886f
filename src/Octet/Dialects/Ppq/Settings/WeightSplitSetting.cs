namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's split of weights.</summary>
public sealed record WeightSplitSetting
{
    /// <summary>Names of layers; none for all.</summary>
    public IReadOnlyList<string> InterestedLayers { get; init; } = [];

    /// <summary>Weights above it are split.</summary>
    public double ValueThreshold { get; init; } = 2.0;

    /// <summary>balance or random.</summary>
    public string Method { get; init; } = "balance";
}
