namespace Octet.Dialects.Ppq.Settings;

/// <summary>PPQ's factorization of weights.</summary>
public sealed record MatrixFactorizationSetting
{
    /// <summary>Names of layers; none for all.</summary>
    public IReadOnlyList<string> InterestedLayers { get; init; } = [];

    /// <summary>svd or training.</summary>
    public string Method { get; init; } = "svd";
}
