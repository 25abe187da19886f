using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Softmax with integers: the step's own numbers, requantized a row at a time.</summary>
internal sealed unsafe class IntegerSoftmaxKernel(SoftmaxKernel.Rows rows, IntegerSoftmax shares, Requantizer requantizer) : SoftmaxKernel(rows)
{
    private readonly AlignedMemory<int> exponentials = new(shares.Exponentials.AsSpan());
    private readonly AlignedMemory<int> share = new(rows.Length);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunRow(sbyte* x, sbyte* y)
    {
        int length = Length;
        int* to = share.Start;

        // Distances to the greatest value count from 0.
        int* distance = exponentials.Start + TensorPrimitives.Max(new ReadOnlySpan<sbyte>(x, length));
        int sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += to[i] = distance[-x[i]];
        }

        var (reciprocal, shift) = IntegerSoftmax.Share(sum);
        for (int i = 0; i < length; i++)
        {
            to[i] = (int)(((uint)to[i] * reciprocal) >> shift);
        }

        requantizer.Run(to, length, 1, length, 0, y, length);
    }
}
