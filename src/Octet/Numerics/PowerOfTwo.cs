namespace Octet.Numerics;

/// <summary>Scales that are powers of two, so that rescaling is a shift.</summary>
public static class PowerOfTwo
{
    /// <summary>The least power of two that is not below a number; the greatest float power of two where none is.</summary>
    /// <param name="scale">Finite, &gt; 0.</param>
    public static float AtLeast(float scale)
    {
        int exponent = Math.ILogB(scale);
        float below = MathF.ScaleB(1, exponent);
        float next = MathF.ScaleB(1, exponent + 1);
        return below >= scale || !float.IsFinite(next) ? below : next;
    }
}
