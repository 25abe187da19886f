using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Products of two values.</summary>
internal sealed unsafe class MulKernel<T, TVector>(int zeroA, int zeroB, Requantizer requantizer, BinaryOperands operands) : BinaryKernel(operands)
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int Size = 256;

    private readonly AlignedMemory<int> products = new(Size);

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(MulStep step, Placement placement)
    {
        if (BinaryOperands.Place(step.A, step.B, step.Y, placement) is not { } operands)
        {
            return false;
        }

        placement.Add(new MulKernel<T, TVector>(step.A.Params!.ZeroPoint, step.B.Params!.ZeroPoint, Requantizer.Of<T, TVector>(step.Requantize, Size, 0), operands));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunRow(sbyte* a, sbyte* b, int length, sbyte* y)
    {
        var offsetA = T.Create(zeroA);
        var offsetB = T.Create(zeroB);
        int* product = products.Start;
        for (int first = 0; first < length; first += Size)
        {
            int count = Math.Min(Size, length - first);
            for (int i = 0; i < count; i += T.Count)
            {
                T.Store(T.Multiply(T.Subtract(T.WidenBytes(a + first + i), offsetA), T.Subtract(T.WidenBytes(b + first + i), offsetB)), product + i);
            }

            requantizer.Run(product, Size, 1, count, 0, y + first, 0);
        }
    }
}
