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

    /// <summary>Whether the channels of a place lie together, instead of the places of a channel.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Elements from a place to the next one of its row.</summary>
    public int Step => ChannelsLast ? Channels : 1;

    /// <summary>Elements from a channel to the next one.</summary>
    public int ChannelStep => ChannelsLast ? 1 : Area;

    /// <summary>Reads a shape of 3 or 4 dimensions.</summary>
    /// <param name="shape">Images × channels × places, or images × places × channels.</param>
    /// <param name="channelsLast">Whether the channels come last.</param>
    /// <returns>Null for other shapes.</returns>
    public static Planes? Of(Shape shape, bool channelsLast = false) => (shape.Rank, channelsLast) switch
    {
        (3, false) => new Planes((int)shape[0], (int)shape[1], 1, (int)shape[2]),
        (4, false) => new Planes((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]),
        (3, true) => new Planes((int)shape[0], (int)shape[2], 1, (int)shape[1]) { ChannelsLast = true },
        (4, true) => new Planes((int)shape[0], (int)shape[3], (int)shape[1], (int)shape[2]) { ChannelsLast = true },
        _ => null,
    };

    /// <summary>The index of an element.</summary>
    public int At(int image, int channel, int y, int x) => (image * Channels * Area) + (channel * ChannelStep) + (((y * Width) + x) * Step);
}
