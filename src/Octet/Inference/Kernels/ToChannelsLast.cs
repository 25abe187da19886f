using System.Runtime.CompilerServices;

namespace Octet.Inference.Kernels;

/// <summary>From planes to pixels.</summary>
internal sealed unsafe class ToChannelsLast(ChannelsLast form, sbyte* planar, sbyte* pixels) : Kernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        int area = form.Planes.Area;
        int stride = form.Stride;
        for (int image = 0; image < form.Planes.Images; image++)
        {
            sbyte* from = planar + ((long)image * form.Planes.Channels * area);
            sbyte* to = pixels + ((long)image * area * stride);
            for (int c = 0; c < form.Planes.Channels; c++, from += area)
            {
                sbyte* next = to + c;
                for (int i = 0; i < area; i++, next += stride)
                {
                    *next = from[i];
                }
            }
        }
    }
}
