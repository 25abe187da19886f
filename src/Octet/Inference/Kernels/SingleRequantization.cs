using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="MultiplierRescale"/> that rounds once.</summary>
internal readonly unsafe struct SingleRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    public static int Width => 4;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (MultiplierRescale)requantize.Rescale;
        int at = rescale.Count == 1 ? 0 : channel;
        (parameters[0], parameters[1]) = Saturation.Sums(rescale.Factor(at));
        parameters[2] = rescale.Multipliers[at];
        parameters[3] = 31 - rescale.Shifts[at];
        return rescale.Rounding == MultiplierRounding.Single && rescale.Shifts[at] is >= -31 and <= 30;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
    {
        var within = T.Min(T.Max(sums, T.Load(parameters)), T.Load(parameters + T.Count));
        return T.ProductShift(within, T.Load(parameters + (2 * T.Count)), T.Load(parameters + (3 * T.Count)));
    }
}
