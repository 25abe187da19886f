namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's channel split.</summary>
public sealed record ChannelSplitSetting : ChannelBalance;
