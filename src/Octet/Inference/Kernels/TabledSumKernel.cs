using System.Runtime.CompilerServices;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Sums of two values, each brought to a common scale first, which two tables hold; the sum is rescaled: <see cref="ShiftSum"/>, <see cref="MultiplierSum"/>, <see cref="ProductShiftSum"/>.</summary>
internal sealed unsafe class TabledSumKernel : BinaryKernel
{
    private const int Size = 256;

    private readonly AlignedMemory<int> tableA;
    private readonly AlignedMemory<int> tableB;
    private readonly Requantizer requantizer;
    private readonly AlignedMemory<int> sums = new(Size);

    private TabledSumKernel(AlignedMemory<int> tableA, AlignedMemory<int> tableB, Requantizer requantizer, BinaryOperands operands)
        : base(operands)
    {
        this.tableA = tableA;
        this.tableB = tableB;
        this.requantizer = requantizer;
    }

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd<T, TVector>(AddStep step, Placement placement)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        (Func<int, int> A, Func<int, int> B, Requantize Result)? parts = step.Sum switch
        {
            ShiftSum sum => (a => a << sum.LeftA, b => sum.SignB * (b << sum.LeftB), new Requantize(sum.Result, 0, step.Min, step.Max)),

            // Sums are at most 2²⁹; a result beyond 32 bits would wrap with its zero point.
            MultiplierSum sum when sum.Result.Factor(0) < 3 => (
                a => sum.A.Apply((a - sum.ZeroA) * (1 << sum.Left), 0), b => sum.SignB * sum.B.Apply((b - sum.ZeroB) * (1 << sum.Left), 0), new Requantize(sum.Result, sum.ZeroY, step.Min, step.Max)),
            ProductShiftSum sum => (a => sum.A.Apply(a, 0), b => sum.B.Apply(b, 0), new Requantize(new ShiftRescale([0], ShiftRounding.Floor), 0, step.Min, step.Max)),
            _ => null,
        };
        if (parts is not { } all || BinaryOperands.Place(step.A, step.B, step.Y, placement) is not { } operands)
        {
            return false;
        }

        placement.Add(new TabledSumKernel(Table(all.A), Table(all.B), Requantizer.Of<T, TVector>(all.Result, Size, 0), operands));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunRow(sbyte* a, sbyte* b, int length, sbyte* y)
    {
        int* sum = sums.Start;
        int* fromA = tableA.Start - sbyte.MinValue;
        int* fromB = tableB.Start - sbyte.MinValue;
        for (int first = 0; first < length; first += Size)
        {
            int count = Math.Min(Size, length - first);
            for (int i = 0; i < count; i++)
            {
                sum[i] = fromA[a[first + i]] + fromB[b[first + i]];
            }

            requantizer.Run(sum, Size, 1, count, 0, y + first, 0);
        }
    }

    private static AlignedMemory<int> Table(Func<int, int> of)
    {
        var table = new AlignedMemory<int>(Size);
        for (int i = 0; i < Size; i++)
        {
            table.Start[i] = of(i + sbyte.MinValue);
        }

        return table;
    }
}
