using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>The pixels of planes under a kernel, plane after plane.</summary>
internal sealed unsafe class PlanarRows(ConvStep step, sbyte* x) : ProductRows
{
    // Bytes that are widened at once.
    private const int Chunk = 8;

    private readonly int zeroPoint = step.X.Params!.ZeroPoint;

    /// <inheritdoc/>
    public override int Length { get; } = ((step.From.Channels * step.Window.Taps) + 1) / 2 * 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Stage(int first, int count, short* to)
    {
        var zero = Vector128.Create((short)zeroPoint);
        var window = step.Window;
        var (from, area) = (step.From, step.To.Area);
        bool isDense = window.DilationX == 1;
        for (int pixel = first; pixel < first + count; pixel++, to += Length)
        {
            sbyte* image = x + ((long)(pixel / area) * from.Channels * from.Area);
            int y0 = (pixel % area / step.To.Width * window.StrideY) - window.Top;
            int x0 = (pixel % step.To.Width * window.StrideX) - window.Left;
            bool isInside = isDense && x0 >= 0 && x0 + window.Width <= from.Width;
            short* next = to;
            for (int c = 0; c < from.Channels; c++, image += from.Area)
            {
                for (int ky = 0; ky < window.Height; ky++, next += window.Width)
                {
                    int iy = y0 + (ky * window.DilationY);
                    if ((uint)iy >= (uint)from.Height)
                    {
                        new Span<short>(next, window.Width).Clear();
                        continue;
                    }

                    sbyte* line = image + ((long)iy * from.Width);
                    if (isInside)
                    {
                        for (int kx = 0; kx < window.Width; kx += Chunk)
                        {
                            (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)(line + x0 + kx)).AsSByte()) - zero).Store(next + kx);
                        }

                        continue;
                    }

                    for (int kx = 0; kx < window.Width; kx++)
                    {
                        int ix = x0 + (kx * window.DilationX);
                        next[kx] = (short)((uint)ix < (uint)from.Width ? line[ix] - zeroPoint : 0);
                    }
                }
            }
        }
    }
}
