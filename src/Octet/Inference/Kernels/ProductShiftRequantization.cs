using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="ProductShiftRescale"/>, for shifts up to 31.</summary>
internal readonly unsafe struct ProductShiftRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    public static int Width => 1 + RoundedShift.Width + Saturation.Width;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (ProductShiftRescale)requantize.Rescale;
        int at = rescale.Count == 1 ? 0 : channel;
        if (rescale.Shifts[at] is < 0 or > RoundedShift.Most)
        {
            return false;
        }

        parameters[0] = rescale.Multipliers[at];
        RoundedShift.Prepare(rescale.Shifts[at], rescale.Rounding, parameters[1..]);
        Saturation.Prepare(requantize, parameters[(1 + RoundedShift.Width)..]);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
    {
        var shifted = RoundedShift.Apply<T, TVector>(T.Multiply(sums, T.Load(parameters)), parameters + T.Count);
        return Saturation.Finish<T, TVector>(shifted, parameters + ((1 + RoundedShift.Width) * T.Count));
    }
}
