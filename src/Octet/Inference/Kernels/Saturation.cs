using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Bounds that keep 8-bit results of sums as they are and everything on the way within 32 bits.</summary>
internal static unsafe class Saturation
{
    /// <summary>Parameters of <see cref="Finish"/>.</summary>
    public const int Width = 3;

    /// <summary>More than any difference of 8-bit values.</summary>
    public const int Beyond = 1024;

    /// <summary>The least and greatest sum that a factor needs to be told apart: what lies outside gives the least or greatest result, as they do.</summary>
    public static (int Low, int High) Sums(double factor)
    {
        double limit = factor > 0 ? Math.Max(1, Math.Ceiling(Beyond / factor)) : double.PositiveInfinity;
        return limit >= int.MaxValue ? (int.MinValue, int.MaxValue) : (-(int)limit, (int)limit);
    }

    /// <summary>Writes what <see cref="Finish"/> needs.</summary>
    public static void Prepare(Requantize requantize, Span<int> parameters)
    {
        parameters[0] = requantize.Min - requantize.ZeroPoint;
        parameters[1] = requantize.Max - requantize.ZeroPoint;
        parameters[2] = requantize.ZeroPoint;
    }

    /// <summary>Clamps, then adds the zero point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<T, TVector>(TVector values, int* parameters)
        where T : ILanes<TVector>
        where TVector : unmanaged
        => T.Add(T.Min(T.Max(values, T.Load(parameters)), T.Load(parameters + T.Count)), T.Load(parameters + (2 * T.Count)));
}
