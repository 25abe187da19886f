using Octet.Numerics;

namespace Octet.Data.Preprocessing;

/// <summary>Where a model's input has rows, columns and channels. What its shape leaves open is null.</summary>
/// <param name="Layout">Order of the dimensions.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Rank">Number of dimensions: 4, or 3 (one of batch and channels is missing), or 2 (pixels in one row).</param>
internal sealed record PictureShape(PixelLayout Layout, long? Width, long? Height, long? Channels, int Rank)
{
    /// <summary>Whether the first dimension is a batch.</summary>
    internal bool HasBatch => Rank != 3 || Channels == 1;

    /// <summary>Reads an input's dimensions; null where no picture can have them.</summary>
    /// <param name="spec">The input.</param>
    /// <param name="stated">The layout that the recipe states, or null: one or three channels are looked for after the batch, then at the end.</param>
    internal static PictureShape? Of(InputSpec spec, PixelLayout? stated)
    {
        var d = spec.Dimensions;
        switch (d.Count)
        {
            case 4:
                var layout = stated ?? (d[1] is not (1 or 3) && d[3] is 1 or 3 ? PixelLayout.Nhwc : PixelLayout.Nchw);
                return layout == PixelLayout.Nchw ? new(layout, d[3], d[2], d[1], 4) : new(layout, d[2], d[1], d[3], 4);
            case 3 when (stated is null && d[0] == 3) || (stated == PixelLayout.Nchw && d[0] is > 1):
                return new(PixelLayout.Nchw, d[2], d[1], d[0], 3);
            case 3 when (stated is null && d[2] == 3) || (stated == PixelLayout.Nhwc && d[2] is 1 or 3):
                return new(PixelLayout.Nhwc, d[1], d[0], d[2], 3);
            case 3:
                return new(stated ?? PixelLayout.Nchw, d[2], d[1], 1, 3);
            case 2:
                return new(stated ?? PixelLayout.Nchw, null, null, null, 2);
            default:
                return null;
        }
    }

    /// <summary>The shape of one picture for the input, with a batch of 1 where the input has a batch.</summary>
    internal Shape ShapeOf(long width, long height, long channels) => (Rank, Layout) switch
    {
        (4, PixelLayout.Nchw) => new Shape(1, channels, height, width),
        (4, _) => new Shape(1, height, width, channels),
        (3, _) when Channels == 1 => new Shape(1, height, width),
        (3, PixelLayout.Nchw) => new Shape(channels, height, width),
        (3, _) => new Shape(height, width, channels),
        _ => new Shape(1, channels * height * width),
    };
}
