namespace Octet.Dialects.Ppq.Settings;

/// <summary>How parameters are observed.</summary>
public sealed record ParameterQuantizationSetting
{
    /// <summary>minmax, percentile, kl or mse; null for the platform's own.</summary>
    public string? CalibAlgorithm { get; init; }

    /// <summary>Whether biases are rounded.</summary>
    public bool QuantizePassiveParameter { get; init; } = true;

    /// <summary>Whether rounded parameters replace the float ones. Where not, they are rounded at every run, which gives the same, and files without integers keep the float ones.</summary>
    public bool BakingParameter { get; init; } = true;
}
