using System.Runtime.CompilerServices;

namespace Octet.Inference.Kernels;

/// <summary>Rows that follow each other in memory: pixels channels-last, or those of a matrix.</summary>
/// <param name="x">The first.</param>
/// <param name="inner">Bytes of a row.</param>
/// <param name="zeroPoint">Their zero point.</param>
internal sealed unsafe class PointwiseRows<T, TVector>(sbyte* x, int inner, int zeroPoint) : ProductRows(zeroPoint)
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override int Length { get; } = (inner + 1) / 2 * 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Stage(int first, int count, short* to)
    {
        var zero = T.Create((ZeroPoint << 16) | (ZeroPoint & 0xFFFF));
        sbyte* from = x + ((long)first * inner);
        if (Length == inner)
        {
            Widen(from, count * inner, zero, to);
            return;
        }

        for (int r = 0; r < count; r++, from += inner, to += Length)
        {
            Widen(from, inner, zero, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(sbyte* from, int count, TVector zero, short* to)
    {
        for (int i = 0; i < count; i += 2 * T.Count)
        {
            T.Store(T.SubtractShorts(T.WidenToShorts(from + i), zero), to + i);
        }
    }
}
