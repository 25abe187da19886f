namespace Octet.Numerics.Rescaling;

/// <summary>How a 31-bit multiplier and a shift round.</summary>
public enum MultiplierRounding
{
    /// <summary>Once: the 64-bit product plus half, shifted (TFLite's TFLITE_SINGLE_ROUNDING; halves towards +∞).</summary>
    Single,

    /// <summary>Twice: the doubled high half of the product with halves towards +∞, then the shift with halves away from 0 (gemmlowp; TFLite's reference kernels).</summary>
    Double,

    /// <summary>Twice, both times with halves towards +∞ (TFLite's optimized kernels on x86 and ARM).</summary>
    DoubleHalfUp,
}
