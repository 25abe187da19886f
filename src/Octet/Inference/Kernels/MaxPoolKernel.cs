using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>The greatest value under a window, all channels of a pixel side by side.</summary>
internal sealed unsafe class MaxPoolKernel<T, TVector>(MaxPoolStep step, sbyte* x, sbyte* y) : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly int stride = new ChannelsLast(step.From).Stride;

    /// <summary>Prepares a step.</summary>
    public static void Add(MaxPoolStep step, Placement placement)
        => placement.Add(new MaxPoolKernel<T, TVector>(step, placement.ReadChannelsLast(step.X), placement.WriteChannelsLast(step.Y)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        var (window, from, to) = (step.Window, step.From, step.To);
        sbyte* next = y;
        for (int image = 0; image < to.Images; image++)
        {
            sbyte* start = x + ((long)image * from.Area * stride);
            for (int oy = 0; oy < to.Height; oy++)
            {
                var rows = PoolTaps.Rows(window, oy, from.Height);
                for (int ox = 0; ox < to.Width; ox++, next += stride)
                {
                    var columns = PoolTaps.Columns(window, ox, from.Width);
                    int top = (oy * window.StrideY) - window.Top;
                    int left = (ox * window.StrideX) - window.Left;
                    for (int c = 0; c < stride; c += 4 * T.Count)
                    {
                        var most = T.Create(unchecked((int)0x80808080));
                        for (int ky = rows.First; ky < rows.End; ky++)
                        {
                            sbyte* line = start + ((long)(top + (ky * window.DilationY)) * from.Width * stride) + c;
                            for (int kx = columns.First; kx < columns.End; kx++)
                            {
                                most = T.MaxBytes(most, T.Load(line + ((left + (kx * window.DilationX)) * stride)));
                            }
                        }

                        T.Store(most, next + c);
                    }
                }
            }
        }
    }
}
