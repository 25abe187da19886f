namespace Octet.Numerics.Rescaling;

/// <summary>The last stage of an integer operator: rescale, add the zero point, clamp.</summary>
/// <param name="Rescale">The factors.</param>
/// <param name="ZeroPoint">The output's, within its type.</param>
/// <param name="Min">Least result; the type's, or higher where the operator is followed by an activation that clamps.</param>
/// <param name="Max">Greatest result.</param>
public sealed record Requantize(Rescale Rescale, int ZeroPoint, int Min, int Max)
{
    /// <summary>The quantized output for one sum.</summary>
    public int Apply(long sum, int channel) => (int)Math.Clamp((long)Rescale.Apply(sum, channel) + ZeroPoint, Min, Max);
}
