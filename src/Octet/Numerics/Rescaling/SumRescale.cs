namespace Octet.Numerics.Rescaling;

/// <summary>Adds two quantized values of unlike scales.</summary>
public abstract record SumRescale
{
    /// <summary>The sum in units of the output, its zero point included, before it is clamped.</summary>
    /// <param name="a">Quantized, its zero point not yet taken off.</param>
    /// <param name="b">Likewise.</param>
    public abstract int Apply(int a, int b);
}
