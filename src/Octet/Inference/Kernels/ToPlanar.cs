using System.Runtime.CompilerServices;

namespace Octet.Inference.Kernels;

/// <summary>From pixels to planes.</summary>
internal sealed unsafe class ToPlanar(ChannelsLast form, sbyte* pixels, sbyte* planar) : Kernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        int area = form.Planes.Area;
        int stride = form.Stride;
        for (int image = 0; image < form.Planes.Images; image++)
        {
            sbyte* to = planar + ((long)image * form.Planes.Channels * area);
            sbyte* from = pixels + ((long)image * area * stride);
            for (int c = 0; c < form.Planes.Channels; c++, to += area)
            {
                sbyte* next = from + c;
                for (int i = 0; i < area; i++, next += stride)
                {
                    to[i] = *next;
                }
            }
        }
    }
}
