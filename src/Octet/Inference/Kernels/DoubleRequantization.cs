using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="MultiplierRescale"/> that rounds twice.</summary>
internal readonly unsafe struct DoubleRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int Own = 5;

    public static int Width => Own + RoundedShift.Width;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (MultiplierRescale)requantize.Rescale;
        int at = rescale.Count == 1 ? 0 : channel;
        int shift = rescale.Shifts[at];
        (parameters[0], parameters[1]) = shift > 0 ? Saturation.Sums(rescale.Factor(at)) : (int.MinValue, int.MaxValue);
        parameters[2] = Math.Max(shift, 0);
        parameters[3] = rescale.Multipliers[at];
        parameters[4] = 31;
        RoundedShift.Prepare(Math.Max(-shift, 0), rescale.Rounding == MultiplierRounding.Double ? ShiftRounding.HalfAway : ShiftRounding.HalfUp, parameters[Own..]);
        return rescale.Rounding != MultiplierRounding.Single && shift is >= -31 and <= 30;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
    {
        var within = T.ShiftLeft(T.Min(T.Max(sums, T.Load(parameters)), T.Load(parameters + T.Count)), T.Load(parameters + (2 * T.Count)));
        var high = T.ProductShift(within, T.Load(parameters + (3 * T.Count)), T.Load(parameters + (4 * T.Count)));
        return RoundedShift.Apply<T, TVector>(high, parameters + (Own * T.Count));
    }
}
