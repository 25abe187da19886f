using System.Runtime.CompilerServices;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>The channels of pixels under a kernel, tap after tap.</summary>
internal sealed unsafe class WindowRows<T, TVector>(ConvStep step, sbyte* x) : ProductRows(step.X.Params!.ZeroPoint)
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly int even = (step.From.Channels + 1) / 2 * 2;
    private readonly int stride = new ChannelsLast(step.From).Stride;
    private readonly Planes from = step.From;
    private readonly Planes output = step.To;
    private readonly Window window = step.Window;

    /// <inheritdoc/>
    public override int Length { get; } = (step.From.Channels + 1) / 2 * 2 * step.Window.Taps;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Stage(int first, int count, short* to)
    {
        var zero = T.Create((ZeroPoint << 16) | (ZeroPoint & 0xFFFF));
        int area = output.Area;
        for (int pixel = first; pixel < first + count; pixel++)
        {
            sbyte* image = x + ((long)(pixel / area) * from.Area * stride);
            int y0 = (pixel % area / output.Width * window.StrideY) - window.Top;
            int x0 = (pixel % output.Width * window.StrideX) - window.Left;
            for (int ky = 0; ky < window.Height; ky++)
            {
                int iy = y0 + (ky * window.DilationY);
                for (int kx = 0; kx < window.Width; kx++, to += even)
                {
                    int ix = x0 + (kx * window.DilationX);
                    if ((uint)iy < (uint)from.Height && (uint)ix < (uint)from.Width)
                    {
                        sbyte* at = image + ((((long)iy * from.Width) + ix) * stride);
                        for (int c = 0; c < even; c += 2 * T.Count)
                        {
                            T.Store(T.SubtractShorts(T.WidenToShorts(at + c), zero), to + c);
                        }
                    }
                    else
                    {
                        for (int c = 0; c < even; c += 2 * T.Count)
                        {
                            T.Store(T.Create(0), to + c);
                        }
                    }
                }
            }
        }
    }
}
