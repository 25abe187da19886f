namespace Octet.Planning;

/// <summary>What becomes of a layer.</summary>
public enum LayerDecision
{
    /// <summary>It is computed with integers.</summary>
    Quantized,

    /// <summary>It moves quantized values, or clamps them by saturation, at no cost in accuracy.</summary>
    Absorbed,

    /// <summary>It stays float.</summary>
    Float,
}
