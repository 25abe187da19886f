using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octet.Refinement;

/// <summary>
/// Dense products of float matrices on one thread. Every element is summed in one fixed order with fused multiply-adds, so results are the same on
/// every processor. Measured against ONNX Runtime's MatMul, which would also need the operands copied into tensors: as fast from K = 64 on.
/// Panels as in Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication".
/// </summary>
internal static unsafe class DenseProduct
{
    private const int TileRows = 6;
    private const int TileColumns = 16;
    private const int DepthBlock = 256;
    private const int RowBlock = 20 * TileRows;
    private const int ColumnBlock = 64 * TileColumns;

    /// <summary>C += A·B, with A(i, p) = a[i·aRow + p·aColumn] of m × k, B row-major of k × n and C row-major of m × n.</summary>
    /// <param name="bRow">Distance of rows in <paramref name="b"/>, ≥ n.</param>
    /// <param name="cRow">Distance of rows in <paramref name="c"/>, ≥ n.</param>
    internal static void Add(int m, int n, int k, ReadOnlySpan<float> a, int aRow, int aColumn, ReadOnlySpan<float> b, int bRow, Span<float> c, int cRow)
    {
        if (m <= 0 || n <= 0 || k <= 0)
        {
            return;
        }

        if (((m - 1) * (long)aRow) + ((k - 1) * (long)aColumn) >= a.Length || ((k - 1) * (long)bRow) + n > b.Length || ((m - 1) * (long)cRow) + n > c.Length)
        {
            throw new ArgumentException($"A product of {m} × {k} and {k} × {n} does not fit the given memory.");
        }

        int depth = Math.Min(k, DepthBlock);
        int width = Math.Min(RoundUp(n, TileColumns), ColumnBlock);
        int height = Math.Min(RoundUp(m, TileRows), RowBlock);
        float[] panelsOfA = ArrayPool<float>.Shared.Rent(depth * height);
        float[] panelsOfB = ArrayPool<float>.Shared.Rent(depth * width);
        fixed (float* pa = a, pb = b, pc = c, packedA = panelsOfA, packedB = panelsOfB)
        {
            for (int j = 0; j < n; j += ColumnBlock)
            {
                int columns = Math.Min(ColumnBlock, n - j);
                for (int p = 0; p < k; p += DepthBlock)
                {
                    int steps = Math.Min(DepthBlock, k - p);
                    PackB(pb + ((long)p * bRow) + j, bRow, steps, columns, packedB);
                    for (int i = 0; i < m; i += RowBlock)
                    {
                        int rows = Math.Min(RowBlock, m - i);
                        PackA(pa + ((long)i * aRow) + ((long)p * aColumn), aRow, aColumn, rows, steps, packedA);
                        AddBlock(rows, columns, steps, packedA, packedB, pc + ((long)i * cRow) + j, cRow);
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(panelsOfA);
        ArrayPool<float>.Shared.Return(panelsOfB);
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static void PackB(float* b, int bRow, int steps, int columns, float* packed)
    {
        for (int j = 0; j < columns; j += TileColumns)
        {
            int width = Math.Min(TileColumns, columns - j);
            for (int p = 0; p < steps; p++, packed += TileColumns)
            {
                float* source = b + ((long)p * bRow) + j;
                if (width == TileColumns)
                {
                    Vector256.Store(Vector256.Load(source), packed);
                    Vector256.Store(Vector256.Load(source + 8), packed + 8);
                }
                else
                {
                    new Span<float>(packed + width, TileColumns - width).Clear();
                    new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(packed, width));
                }
            }
        }
    }

    private static void PackA(float* a, int aRow, int aColumn, int rows, int steps, float* packed)
    {
        for (int i = 0; i < rows; i += TileRows, packed += steps * TileRows)
        {
            int height = Math.Min(TileRows, rows - i);
            if (height < TileRows)
            {
                new Span<float>(packed, steps * TileRows).Clear();
            }

            for (int r = 0; r < height; r++)
            {
                float* source = a + ((long)(i + r) * aRow);
                for (int p = 0; p < steps; p++)
                {
                    packed[(p * TileRows) + r] = source[(long)p * aColumn];
                }
            }
        }
    }

    private static void AddBlock(int rows, int columns, int steps, float* packedA, float* packedB, float* c, int cRow)
    {
        float* edge = stackalloc float[TileRows * TileColumns];
        for (int j = 0; j < columns; j += TileColumns)
        {
            for (int i = 0; i < rows; i += TileRows)
            {
                float* panelA = packedA + ((long)i * steps);
                float* panelB = packedB + ((long)j * steps);
                int height = Math.Min(TileRows, rows - i);
                int width = Math.Min(TileColumns, columns - j);
                float* target = c + ((long)i * cRow) + j;
                if (height == TileRows && width == TileColumns)
                {
                    AddTile(steps, panelA, panelB, target, cRow);
                    continue;
                }

                new Span<float>(edge, TileRows * TileColumns).Clear();
                AddTile(steps, panelA, panelB, edge, TileColumns);
                for (int r = 0; r < height; r++)
                {
                    for (int s = 0; s < width; s++)
                    {
                        target[((long)r * cRow) + s] += edge[(r * TileColumns) + s];
                    }
                }
            }
        }
    }

    // Twelve sums, two vectors of B and one of A: fifteen of the sixteen registers that AVX2 has.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(int steps, float* a, float* b, float* c, int cRow)
    {
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        for (int p = 0; p < steps; p++, a += TileRows, b += TileColumns)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            var x = Vector256.Create(a[0]);
            s00 = Vector256.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, b1, s01);
            x = Vector256.Create(a[1]);
            s10 = Vector256.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, b1, s11);
            x = Vector256.Create(a[2]);
            s20 = Vector256.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, b1, s21);
            x = Vector256.Create(a[3]);
            s30 = Vector256.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, b1, s31);
            x = Vector256.Create(a[4]);
            s40 = Vector256.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector256.FusedMultiplyAdd(x, b1, s41);
            x = Vector256.Create(a[5]);
            s50 = Vector256.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector256.FusedMultiplyAdd(x, b1, s51);
        }

        AddRow(c, s00, s01);
        AddRow(c + cRow, s10, s11);
        AddRow(c + (2L * cRow), s20, s21);
        AddRow(c + (3L * cRow), s30, s31);
        AddRow(c + (4L * cRow), s40, s41);
        AddRow(c + (5L * cRow), s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(float* c, Vector256<float> left, Vector256<float> right)
    {
        Vector256.Store(Vector256.Load(c) + left, c);
        Vector256.Store(Vector256.Load(c + 8) + right, c + 8);
    }
}
