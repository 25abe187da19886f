using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="MultiplierRescale"/> that rounds once.</summary>
internal readonly unsafe struct SingleRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int Own = 4;

    public static int Width => Own + Saturation.Width;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (MultiplierRescale)requantize.Rescale;
        int at = rescale.Count == 1 ? 0 : channel;
        (parameters[0], parameters[1]) = Saturation.Sums(rescale.Factor(at));
        parameters[2] = rescale.Multipliers[at];
        parameters[3] = 31 - rescale.Shifts[at];
        Saturation.Prepare(requantize, parameters[Own..]);
        return rescale.Rounding == MultiplierRounding.Single && rescale.Shifts[at] is >= -31 and <= 30;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
    {
        var within = T.Min(T.Max(sums, T.Load(parameters)), T.Load(parameters + T.Count));
        var product = T.ProductShift(within, T.Load(parameters + (2 * T.Count)), T.Load(parameters + (3 * T.Count)));
        return Saturation.Finish<T, TVector>(product, parameters + (Own * T.Count));
    }
}
