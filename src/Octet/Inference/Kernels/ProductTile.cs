using System.Runtime.CompilerServices;

namespace Octet.Inference.Kernels;

/// <summary>Sums of products of a few rows of inputs with one panel of <see cref="PackedWeights"/>, held in registers.</summary>
internal static unsafe class ProductTile
{
    /// <summary>Rows of the larger tile: twelve need the 32 registers of AVX-512.</summary>
    public const int MostRows = 12;

    /// <summary>Rows of the smaller tile.</summary>
    public const int FewRows = 6;

    /// <summary>sums[r, n] = bias[n] + Σ x[r, k] · w[n, k] for the rows of one block.</summary>
    /// <param name="x">Rows of shorts; rows beyond the last are read up to a multiple of <see cref="FewRows"/>.</param>
    /// <param name="stride">Shorts from one row to the next, even.</param>
    /// <param name="rows">1 to <see cref="MostRows"/> for 16 lanes, to <see cref="FewRows"/> for fewer.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="panel">Which of their panels.</param>
    /// <param name="columns">Of which so many are wanted; the second vector may be left out.</param>
    /// <param name="sums">Rows × the panel's width; room for a multiple of <see cref="FewRows"/>.</param>
    public static void Run<T, TVector>(short* x, int stride, int rows, PackedWeights weights, int panel, int columns, int* sums)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        nint row = (nint)stride * sizeof(short);
        var w = (int*)weights.Panel(panel);
        int* bias = weights.Bias(panel);
        if (columns <= T.Count)
        {
            for (int r = 0; r < rows; r += FewRows)
            {
                SixOfOne<T, TVector>((byte*)(x + (r * stride)), row, w, weights.Pairs, bias, sums + (r * weights.PanelWidth));
            }
        }
        else if (rows > FewRows)
        {
            Twelve<T, TVector>((byte*)x, row, w, weights.Pairs, bias, sums);
        }
        else
        {
            Six<T, TVector>((byte*)x, row, w, weights.Pairs, bias, sums);
        }
    }

    /// <summary>Rows that one tile holds.</summary>
    public static int RowsFor<T, TVector>()
        where T : ILanes<TVector>
        where TVector : unmanaged
        => T.Count == 16 ? MostRows : FewRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixOfOne<T, TVector>(byte* x, nint row, int* w, int pairs, int* bias, int* sums)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector a0 = T.Load(bias), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
        nint row2 = 2 * row;
        byte* x3 = x + row + row2;
        for (int k = 0; k < pairs; k++, x += sizeof(int), x3 += sizeof(int), w += 2 * T.Count)
        {
            var left = T.Load(w);
            a0 = T.MultiplyAdd(a0, T.Create(*(int*)x), left);
            a1 = T.MultiplyAdd(a1, T.Create(*(int*)(x + row)), left);
            a2 = T.MultiplyAdd(a2, T.Create(*(int*)(x + row2)), left);
            a3 = T.MultiplyAdd(a3, T.Create(*(int*)x3), left);
            a4 = T.MultiplyAdd(a4, T.Create(*(int*)(x3 + row)), left);
            a5 = T.MultiplyAdd(a5, T.Create(*(int*)(x3 + row2)), left);
        }

        int width = 2 * T.Count;
        T.Store(a0, sums);
        T.Store(a1, sums + width);
        T.Store(a2, sums + (2 * width));
        T.Store(a3, sums + (3 * width));
        T.Store(a4, sums + (4 * width));
        T.Store(a5, sums + (5 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<T, TVector>(byte* x, nint row, int* w, int pairs, int* bias, int* sums)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector a0 = T.Load(bias), b0 = T.Load(bias + T.Count);
        TVector a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0, a4 = a0, b4 = b0, a5 = a0, b5 = b0;
        nint row2 = 2 * row;
        byte* x3 = x + row + row2;
        for (int k = 0; k < pairs; k++, x += sizeof(int), x3 += sizeof(int), w += 2 * T.Count)
        {
            var left = T.Load(w);
            var right = T.Load(w + T.Count);
            var v = T.Create(*(int*)x);
            a0 = T.MultiplyAdd(a0, v, left);
            b0 = T.MultiplyAdd(b0, v, right);
            v = T.Create(*(int*)(x + row));
            a1 = T.MultiplyAdd(a1, v, left);
            b1 = T.MultiplyAdd(b1, v, right);
            v = T.Create(*(int*)(x + row2));
            a2 = T.MultiplyAdd(a2, v, left);
            b2 = T.MultiplyAdd(b2, v, right);
            v = T.Create(*(int*)x3);
            a3 = T.MultiplyAdd(a3, v, left);
            b3 = T.MultiplyAdd(b3, v, right);
            v = T.Create(*(int*)(x3 + row));
            a4 = T.MultiplyAdd(a4, v, left);
            b4 = T.MultiplyAdd(b4, v, right);
            v = T.Create(*(int*)(x3 + row2));
            a5 = T.MultiplyAdd(a5, v, left);
            b5 = T.MultiplyAdd(b5, v, right);
        }

        int width = 2 * T.Count;
        Store<T, TVector>(sums, a0, b0);
        Store<T, TVector>(sums + width, a1, b1);
        Store<T, TVector>(sums + (2 * width), a2, b2);
        Store<T, TVector>(sums + (3 * width), a3, b3);
        Store<T, TVector>(sums + (4 * width), a4, b4);
        Store<T, TVector>(sums + (5 * width), a5, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twelve<T, TVector>(byte* x, nint row, int* w, int pairs, int* bias, int* sums)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector a0 = T.Load(bias), b0 = T.Load(bias + T.Count);
        TVector a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0, a4 = a0, b4 = b0, a5 = a0, b5 = b0;
        TVector a6 = a0, b6 = b0, a7 = a0, b7 = b0, a8 = a0, b8 = b0, a9 = a0, b9 = b0, a10 = a0, b10 = b0, a11 = a0, b11 = b0;
        nint row2 = 2 * row;
        byte* x3 = x + row + row2;
        byte* x6 = x3 + row + row2;
        byte* x9 = x6 + row + row2;
        for (int k = 0; k < pairs; k++, x += sizeof(int), x3 += sizeof(int), x6 += sizeof(int), x9 += sizeof(int), w += 2 * T.Count)
        {
            var left = T.Load(w);
            var right = T.Load(w + T.Count);
            var v = T.Create(*(int*)x);
            a0 = T.MultiplyAdd(a0, v, left);
            b0 = T.MultiplyAdd(b0, v, right);
            v = T.Create(*(int*)(x + row));
            a1 = T.MultiplyAdd(a1, v, left);
            b1 = T.MultiplyAdd(b1, v, right);
            v = T.Create(*(int*)(x + row2));
            a2 = T.MultiplyAdd(a2, v, left);
            b2 = T.MultiplyAdd(b2, v, right);
            v = T.Create(*(int*)x3);
            a3 = T.MultiplyAdd(a3, v, left);
            b3 = T.MultiplyAdd(b3, v, right);
            v = T.Create(*(int*)(x3 + row));
            a4 = T.MultiplyAdd(a4, v, left);
            b4 = T.MultiplyAdd(b4, v, right);
            v = T.Create(*(int*)(x3 + row2));
            a5 = T.MultiplyAdd(a5, v, left);
            b5 = T.MultiplyAdd(b5, v, right);
            v = T.Create(*(int*)x6);
            a6 = T.MultiplyAdd(a6, v, left);
            b6 = T.MultiplyAdd(b6, v, right);
            v = T.Create(*(int*)(x6 + row));
            a7 = T.MultiplyAdd(a7, v, left);
            b7 = T.MultiplyAdd(b7, v, right);
            v = T.Create(*(int*)(x6 + row2));
            a8 = T.MultiplyAdd(a8, v, left);
            b8 = T.MultiplyAdd(b8, v, right);
            v = T.Create(*(int*)x9);
            a9 = T.MultiplyAdd(a9, v, left);
            b9 = T.MultiplyAdd(b9, v, right);
            v = T.Create(*(int*)(x9 + row));
            a10 = T.MultiplyAdd(a10, v, left);
            b10 = T.MultiplyAdd(b10, v, right);
            v = T.Create(*(int*)(x9 + row2));
            a11 = T.MultiplyAdd(a11, v, left);
            b11 = T.MultiplyAdd(b11, v, right);
        }

        int width = 2 * T.Count;
        Store<T, TVector>(sums, a0, b0);
        Store<T, TVector>(sums + width, a1, b1);
        Store<T, TVector>(sums + (2 * width), a2, b2);
        Store<T, TVector>(sums + (3 * width), a3, b3);
        Store<T, TVector>(sums + (4 * width), a4, b4);
        Store<T, TVector>(sums + (5 * width), a5, b5);
        Store<T, TVector>(sums + (6 * width), a6, b6);
        Store<T, TVector>(sums + (7 * width), a7, b7);
        Store<T, TVector>(sums + (8 * width), a8, b8);
        Store<T, TVector>(sums + (9 * width), a9, b9);
        Store<T, TVector>(sums + (10 * width), a10, b10);
        Store<T, TVector>(sums + (11 * width), a11, b11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, TVector>(int* sums, TVector left, TVector right)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        T.Store(left, sums);
        T.Store(right, sums + T.Count);
    }
}
