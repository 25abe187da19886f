namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's SSD equalization.</summary>
public sealed record SsdEqualizationSetting
{
    /// <summary>As for equalization.</summary>
    public int OptLevel { get; init; } = 1;

    /// <summary>Channels below this share of the largest are lifted.</summary>
    public double ChannelRatio { get; init; } = 0.5;

    /// <summary>What a change must bring, as a share of the error.</summary>
    public double LossThreshold { get; init; } = 0.8;

    /// <summary>Whether layers are normalized.</summary>
    public bool LayerNorm { get; init; }

    /// <summary>How many times.</summary>
    public int Iteration { get; init; } = 3;
}
