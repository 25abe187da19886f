namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's correction of biases.</summary>
public sealed record BiasCorrectionSetting
{
    /// <summary>Names of layers; none for all.</summary>
    public IReadOnlyList<string> InterestedLayers { get; init; } = [];

    /// <summary>Layers a block.</summary>
    public int BlockSize { get; init; } = 4;

    /// <summary>Batches that are looked at.</summary>
    public int Steps { get; init; } = 32;

    /// <summary>Where data are kept.</summary>
    public string CollectingDevice { get; init; } = "executor";
}
