namespace Octet.Inference.Kernels;

/// <summary>Bounds that keep 8-bit results of sums as they are and everything on the way within 32 bits.</summary>
internal static class Saturation
{
    /// <summary>More than any difference of 8-bit values.</summary>
    public const int Beyond = 1024;

    /// <summary>The least and greatest sum that a factor needs to be told apart: what lies outside gives the least or greatest result, as they do.</summary>
    public static (int Low, int High) Sums(double factor)
    {
        double limit = factor > 0 ? Math.Max(1, Math.Ceiling(Beyond / factor)) : double.PositiveInfinity;
        return limit >= int.MaxValue ? (int.MinValue, int.MaxValue) : (-(int)limit, (int)limit);
    }
}
