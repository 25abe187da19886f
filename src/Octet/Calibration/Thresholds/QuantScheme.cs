namespace Octet.Calibration.Thresholds;

/// <summary>How real values map to integers.</summary>
public enum QuantScheme
{
    /// <summary>Zero is the middle of the integers.</summary>
    Symmetric,

    /// <summary>Zero is any integer.</summary>
    Asymmetric,

    /// <summary>Symmetric, with a power of two as scale, so that rescaling is a shift.</summary>
    PowerOfTwo,
}
