using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="ProductShiftRescale"/>, for shifts up to 31.</summary>
internal readonly unsafe struct ProductShiftRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    public static int Width => 1 + RoundedShift.Width;

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
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
        => RoundedShift.Apply<T, TVector>(T.Multiply(sums, T.Load(parameters)), parameters + T.Count);
}
