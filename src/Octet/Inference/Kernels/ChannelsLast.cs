using System.Runtime.CompilerServices;
using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>Images as kernels like them: pixel after pixel, each with its channels in a row that is filled up to whole vectors with bytes that mean nothing.</summary>
/// <param name="Planes">The shape.</param>
internal sealed record ChannelsLast(Planes Planes)
{
    /// <summary>Bytes of a pixel are a multiple of this.</summary>
    public const int Multiple = 16;

    /// <summary>Bytes from one pixel to the next.</summary>
    public int Stride => (Planes.Channels + Multiple - 1) / Multiple * Multiple;

    /// <summary>Pixels of all images.</summary>
    public int Pixels => Planes.Images * Planes.Area;

    /// <summary>Bytes of all images.</summary>
    public int Length => checked(Pixels * Stride);
}

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
