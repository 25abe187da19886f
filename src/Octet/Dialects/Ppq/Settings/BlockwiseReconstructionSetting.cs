namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's adaptive rounding.</summary>
public sealed record BlockwiseReconstructionSetting
{
    /// <summary>Names of layers; none for all.</summary>
    public IReadOnlyList<string> InterestedLayers { get; init; } = [];

    /// <summary>Whether scales are trained.</summary>
    public bool IsScaleTrainable { get; init; }

    /// <summary>Learning rate.</summary>
    public double Lr { get; init; } = 1e-3;

    /// <summary>Steps a block.</summary>
    public int Steps { get; init; } = 5000;

    /// <summary>Weight of the rounding loss.</summary>
    public double Gamma { get; init; } = 1.0;

    /// <summary>Where data are kept.</summary>
    public string CollectingDevice { get; init; } = "cuda";

    /// <summary>Layers a block.</summary>
    public int BlockSize { get; init; } = 4;
}
