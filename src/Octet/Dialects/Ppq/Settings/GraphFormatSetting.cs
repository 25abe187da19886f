namespace Octet.Dialects.Ppq.Settings;

/// <summary>What PPQ does to a graph when it reads it. Octet's rewrites do all of it always.</summary>
public sealed record GraphFormatSetting
{
    /// <summary>Whether constants become parameters.</summary>
    public bool FormatConstantOp { get; init; } = true;

    /// <summary>Whether batch normalizations are folded.</summary>
    public bool FuseConvBn { get; init; } = true;

    /// <summary>Whether parameters are put right (PPQ's spelling).</summary>
    public bool FormatParamters { get; init; } = true;

    /// <summary>Whether casts are put right.</summary>
    public bool FormatCast { get; init; } = true;

    /// <summary>Whether what nobody reads is removed.</summary>
    public bool DeleteIsolate { get; init; } = true;
}
