using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Means of elements that follow each other.</summary>
internal sealed unsafe class MeanKernel<T, TVector>(MeanStep step, Requantizer requantizer, sbyte* x, sbyte* y) : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int Size = 256;

    private readonly AlignedMemory<int> sums = new(Size);

    /// <summary>Prepares a step.</summary>
    public static void Add(MeanStep step, Placement placement)
        => placement.Add(new MeanKernel<T, TVector>(step, Requantizer.Of<T, TVector>(step.Requantize, Size, 0), placement.ReadPlanar(step.X), placement.WritePlanar(step.Y)));

    /// <inheritdoc/>
    public override void Run()
    {
        int inner = step.Inner;
        int bias = -step.X.Params!.ZeroPoint * inner;
        int outer = step.Y.Count;
        sbyte* from = x;
        for (int first = 0; first < outer; first += Size)
        {
            int count = Math.Min(Size, outer - first);
            for (int o = 0; o < count; o++, from += inner)
            {
                sums.Start[o] = bias + Sum(from, inner);
            }

            requantizer.Run(sums.Start, Size, 1, count, 0, y + first, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Sum(sbyte* from, int count)
    {
        var lanes = T.Create(0);
        int i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            lanes = T.Add(lanes, T.WidenBytes(from + i));
        }

        int* parts = stackalloc int[T.Count];
        T.Store(lanes, parts);
        int sum = 0;
        for (int l = 0; l < T.Count; l++)
        {
            sum += parts[l];
        }

        for (; i < count; i++)
        {
            sum += from[i];
        }

        return sum;
    }
}
