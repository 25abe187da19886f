using System.Runtime.CompilerServices;

namespace Octet.Inference.Kernels;

/// <summary>What all outputs of an operator share.</summary>
/// <param name="ZeroPoints">The zero point in every short.</param>
/// <param name="Min">The least output in every byte.</param>
/// <param name="Max">The greatest output in every byte.</param>
internal readonly record struct OutputBounds<TVector>(TVector ZeroPoints, TVector Min, TVector Max)
    where TVector : unmanaged
{
    /// <summary>Fills vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OutputBounds<TVector> Of<T>(int zeroPoint, int min, int max)
        where T : ILanes<TVector>
        => new(T.Create((zeroPoint & 0xFFFF) * 0x10001), T.Create((min & 0xFF) * 0x1010101), T.Create((max & 0xFF) * 0x1010101));
}
