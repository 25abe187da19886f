using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Products of activations: the second matrix is packed as weights are, when it is there.</summary>
internal sealed unsafe class MatMulKernel<T, TVector> : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly PackedWeights packed;
    private readonly int inner;
    private readonly int columns;
    private readonly int zeroPoint;

    // Where the second matrix of each product lies, and the product.
    private readonly (nint B, ProductKernel<T, TVector> Product)[] products;

    private MatMulKernel(MatMulStep step, sbyte* a, sbyte* b, sbyte* y)
    {
        inner = step.Inner;
        columns = step.ColumnCount;
        zeroPoint = step.B.Params!.ZeroPoint;
        packed = new PackedWeights(columns, inner, T.Count);
        var requantizer = Requantizer.Of<T, TVector>(step.Requantize, columns, 0);
        products = [.. step.Pairs().Select((pair, i) => Product(pair.A, pair.B, i))];

        (nint, ProductKernel<T, TVector>) Product(int i, int j, int result)
        {
            var rows = new PointwiseRows<T, TVector>(a + ((long)i * step.RowCount * inner), inner, step.A.Params!.ZeroPoint);
            return ((nint)(b + ((long)j * inner * columns)), new ProductKernel<T, TVector>(rows, step.RowCount, packed, requantizer, y + ((long)result * step.RowCount * columns), columns));
        }
    }

    /// <summary>Prepares a step.</summary>
    public static void Add(MatMulStep step, Placement placement)
        => placement.Add(new MatMulKernel<T, TVector>(step, placement.ReadPlanar(step.A), placement.ReadPlanar(step.B), placement.WritePlanar(step.Y)));

    /// <inheritdoc/>
    public override void Run()
    {
        nint last = 0;
        foreach (var (b, product) in products)
        {
            if (b != last)
            {
                Pack((sbyte*)b);
                last = b;
            }

            product.Run();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(sbyte* b)
    {
        var zero = T.Create((zeroPoint << 16) | (zeroPoint & 0xFFFF));
        for (int panel = 0; panel < packed.Panels; panel++)
        {
            short* to = packed.Panel(panel);
            sbyte* from = b + (panel * packed.PanelWidth);
            for (int k = 0; k < inner; k += 2, from += 2 * columns, to += 2 * packed.PanelWidth)
            {
                var first = T.SubtractShorts(T.WidenForPairs(from), zero);
                var second = k + 1 < inner ? T.SubtractShorts(T.WidenForPairs(from + columns), zero) : T.Create(0);
                T.Store(T.PairLow(first, second), to);
                T.Store(T.PairHigh(first, second), to + packed.PanelWidth);
            }
        }
    }
}
