namespace Octet.Dialects.Ppq.Settings;

/// <summary>How activations are observed.</summary>
public sealed record ActivationQuantizationSetting
{
    /// <summary>minmax, percentile, kl, mse or isotone; null for the platform's own, percentile.</summary>
    public string? CalibAlgorithm { get; init; }
}
