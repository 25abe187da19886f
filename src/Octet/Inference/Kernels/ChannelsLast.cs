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
