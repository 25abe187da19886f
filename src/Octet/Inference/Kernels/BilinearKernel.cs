using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Values between four pixels, all channels of a place at a time.</summary>
internal sealed unsafe class BilinearKernel<T, TVector>(BilinearStep step, Requantizer requantizer, sbyte* x, sbyte* y) : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly int stride = new ChannelsLast(step.From).Stride;
    private readonly AlignedMemory<int> sums = new(new ChannelsLast(step.From).Stride);

    /// <summary>Prepares a step.</summary>
    public static void Add(BilinearStep step, Placement placement)
        => placement.Add(new BilinearKernel<T, TVector>(
            step, Requantizer.Of<T, TVector>(step.Requantize, new ChannelsLast(step.To).Stride, 0), placement.ReadChannelsLast(step.X), placement.WriteChannelsLast(step.Y)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        var (from, to) = (step.From, step.To);
        var zero = T.Create(step.X.Params!.ZeroPoint);
        sbyte* next = y;
        for (int image = 0; image < to.Images; image++)
        {
            sbyte* start = x + ((long)image * from.Area * stride);
            foreach (int row in step.Rows.AsSpan())
            {
                var (top, bottom, down) = BilinearStep.Neighbours(row, from.Height);
                sbyte* upper = start + ((long)top * from.Width * stride);
                sbyte* lower = start + ((long)bottom * from.Width * stride);
                foreach (int column in step.Columns.AsSpan())
                {
                    var (left, right, along) = BilinearStep.Neighbours(column, from.Width);
                    var (first, second) = (T.Create(BilinearStep.One - along), T.Create(along));
                    var (above, below) = (T.Create(BilinearStep.One - down), T.Create(down));
                    for (int c = 0; c < stride; c += T.Count)
                    {
                        T.Store(T.Add(T.Multiply(Between(upper + c), above), T.Multiply(Between(lower + c), below)), sums.Start + c);
                    }

                    requantizer.Run(sums.Start, stride, 1, stride, 0, next, stride);
                    next += stride;

                    [MethodImpl(MethodImplOptions.AggressiveInlining)]
                    TVector Between(sbyte* line) => T.Add(
                        T.Multiply(T.Subtract(T.WidenBytes(line + ((long)left * stride)), zero), first), T.Multiply(T.Subtract(T.WidenBytes(line + ((long)right * stride)), zero), second));
                }
            }
        }
    }
}
