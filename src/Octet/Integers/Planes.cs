using Octet.Numerics;

namespace Octet.Integers;

/// <summary>A shape as images: the first dimension counts them, the second their channels; one spatial dimension is a row.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Channels">Planes of an image.</param>
/// <param name="Height">Rows of a plane.</param>
/// <param name="Width">Columns of a plane.</param>
public sealed record Planes(int Images, int Channels, int Height, int Width)
{
    /// <summary>Elements of a plane.</summary>
    public int Area => Height * Width;

    /// <summary>Reads a shape of 3 or 4 dimensions.</summary>
    /// <returns>Null for other shapes.</returns>
    public static Planes? Of(Shape shape) => shape.Rank switch
    {
        3 => new Planes((int)shape[0], (int)shape[1], 1, (int)shape[2]),
        4 => new Planes((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]),
        _ => null,
    };
}
