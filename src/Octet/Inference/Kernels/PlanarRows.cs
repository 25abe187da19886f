using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>The pixels of planes under a kernel, plane after plane.</summary>
/// <param name="convolution">The planes and the kernel.</param>
/// <param name="zeroPoint">The input's zero point.</param>
/// <param name="x">The input.</param>
internal sealed unsafe class PlanarRows(Convolution convolution, int zeroPoint, sbyte* x) : ProductRows(zeroPoint)
{
    // Bytes that are widened at once.
    private const int Chunk = 8;

    // Where the lines of an output's inputs begin, from its first one.
    private readonly int[] lines = LinesOf(convolution);
    private readonly Planes from = convolution.From;
    private readonly Planes output = convolution.To;
    private readonly Window window = convolution.Window;

    /// <inheritdoc/>
    public override int Length { get; } = ((convolution.From.Channels * convolution.Window.Taps) + 1) / 2 * 2;

    /// <inheritdoc/>
    public override void Stage(int first, int count, short* to)
    {
        int area = output.Area;
        bool isDense = window.DilationX == 1;
        int reachY = (window.Height - 1) * window.DilationY;
        for (int pixel = first; pixel < first + count; pixel++, to += Length)
        {
            sbyte* image = x + ((long)(pixel / area) * from.Channels * from.Area);
            int y0 = (pixel % area / output.Width * window.StrideY) - window.Top;
            int x0 = (pixel % output.Width * window.StrideX) - window.Left;
            if (isDense && y0 >= 0 && x0 >= 0 && y0 + reachY < from.Height && x0 + window.Width <= from.Width)
            {
                StageInside(image + ((long)y0 * from.Width) + x0, to);
            }
            else
            {
                StageEdge(image, y0, x0, to);
            }
        }
    }

    private static int[] LinesOf(Convolution of)
        => [.. from channel in Enumerable.Range(0, of.From.Channels) from row in Enumerable.Range(0, of.Window.Height) select (channel * of.From.Area) + (row * of.Window.DilationY * of.From.Width)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StageInside(sbyte* corner, short* to)
    {
        var zero = Vector128.Create((short)ZeroPoint);
        int width = window.Width;
        foreach (int line in lines)
        {
            for (int kx = 0; kx < width; kx += Chunk)
            {
                (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)(corner + line + kx)).AsSByte()) - zero).Store(to + kx);
            }

            to += width;
        }
    }

    private void StageEdge(sbyte* image, int y0, int x0, short* to)
    {
        for (int c = 0; c < from.Channels; c++, image += from.Area)
        {
            for (int ky = 0; ky < window.Height; ky++)
            {
                int iy = y0 + (ky * window.DilationY);
                for (int kx = 0; kx < window.Width; kx++)
                {
                    int ix = x0 + (kx * window.DilationX);
                    *to++ = (short)((uint)iy < (uint)from.Height && (uint)ix < (uint)from.Width ? image[((long)iy * from.Width) + ix] - ZeroPoint : 0);
                }
            }
        }
    }
}
