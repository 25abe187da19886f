namespace Octet.Rewrites;

/// <summary>
/// How a batch normalization (γ, β, mean μ, variance σ² + ε) is put into weights w and bias b. A last bit decides how a weight rounds that lies half-way between two steps, as the largest
/// ones do where a scale is the largest magnitude / 127.5.
/// </summary>
public enum FoldingArithmetic
{
    /// <summary>In doubles, rounded once.</summary>
    Double,

    /// <summary>w · (γ / √(σ² + ε)) and γ · (b − μ) / √(σ² + ε) + β, in 32-bit floats and this order, as PPQ does.</summary>
    SingleQuotient,

    /// <summary>w · (γ · r) and (b − μ) · r · γ + β with r = 1 / √(σ² + ε), in 32-bit floats and this order, as PyTorch and Ascend AMCT do.</summary>
    SingleReciprocal,
}
