using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Softmax: the step's own numbers, requantized a row at a time.</summary>
internal sealed unsafe class SoftmaxKernel(SoftmaxStep step, Requantizer requantizer, sbyte* x, sbyte* y) : Kernel
{
    private readonly AlignedMemory<int> exponentials = new(step.Exponentials.AsSpan());
    private readonly AlignedMemory<int> shares = new(step.Length);

    /// <summary>Prepares a step.</summary>
    public static void Add<T, TVector>(SoftmaxStep step, Placement placement)
        where T : ILanes<TVector>
        where TVector : unmanaged
        => placement.Add(new SoftmaxKernel(step, Requantizer.Of<T, TVector>(step.Requantize, step.Length, 0), placement.ReadPlanar(step.X), placement.WritePlanar(step.Y)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        int length = step.Length;
        int* share = shares.Start;
        int count = step.X.Count;
        for (int at = 0; at < count; at += length)
        {
            sbyte* row = x + at;

            // Distances to the greatest value count from 0.
            int* distance = exponentials.Start + TensorPrimitives.Max(new ReadOnlySpan<sbyte>(row, length));
            int sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum += share[i] = distance[-row[i]];
            }

            int log = BitOperations.Log2((uint)sum);
            uint reciprocal = (1u << 31) / (uint)(sum >> (log - SoftmaxStep.Bits));
            for (int i = 0; i < length; i++)
            {
                share[i] = (int)(((uint)share[i] * reciprocal) >> (log + 1));
            }

            requantizer.Run(share, length, 1, length, 0, y + at, length);
        }
    }
}
