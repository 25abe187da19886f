namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's training of weights and scales.</summary>
public sealed record LsqSetting
{
    /// <summary>Names of layers; none for all.</summary>
    public IReadOnlyList<string> InterestedLayers { get; init; } = [];

    /// <summary>Learning rate.</summary>
    public double Lr { get; init; } = 1e-5;

    /// <summary>Where data are kept.</summary>
    public string CollectingDevice { get; init; } = "cuda";

    /// <summary>Steps a block.</summary>
    public int Steps { get; init; } = 500;

    /// <summary>Whether scales are trained.</summary>
    public bool IsScaleTrainable { get; init; } = true;

    /// <summary>Weight of the rounding loss.</summary>
    public double Gamma { get; init; }

    /// <summary>Layers a block.</summary>
    public int BlockSize { get; init; } = 4;
}
