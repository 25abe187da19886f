using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="ShiftRescale"/>.</summary>
internal readonly unsafe struct ShiftRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int Left = 3;

    // A left shift by more than this takes every sum but 0 beyond 8 bits.
    private const int MostLeft = 10;

    public static int Width => Left + RoundedShift.Width;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (ShiftRescale)requantize.Rescale;
        int shift = rescale.Shifts[rescale.Count == 1 ? 0 : channel];
        (parameters[0], parameters[1]) = shift > 0 ? (int.MinValue, int.MaxValue) : (-Saturation.Beyond, Saturation.Beyond);
        parameters[2] = Math.Clamp(-shift, 0, MostLeft);
        RoundedShift.Prepare(Math.Max(shift, 0), rescale.Rounding, parameters[Left..]);
        return shift <= RoundedShift.Most;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
    {
        var within = T.Min(T.Max(sums, T.Load(parameters)), T.Load(parameters + T.Count));
        return RoundedShift.Apply<T, TVector>(T.ShiftLeft(within, T.Load(parameters + (2 * T.Count))), parameters + (Left * T.Count));
    }
}
