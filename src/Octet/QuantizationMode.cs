namespace Octet;

/// <summary>What is quantized, and when the scales of activations are known.</summary>
public enum QuantizationMode
{
    /// <summary>Weights and activations, with scales from calibration data.</summary>
    Static,

    /// <summary>Weights, and activations at run time: matrix products and recurrent layers, without calibration data.</summary>
    Dynamic,

    /// <summary>Weights only; arithmetic stays float.</summary>
    Weights,
}
