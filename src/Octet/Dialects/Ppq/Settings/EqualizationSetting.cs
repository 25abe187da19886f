namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's layerwise equalization.</summary>
public sealed record EqualizationSetting : ChannelBalance;
