namespace Octet.Data.Images;

/// <summary>Turns decoded pictures into the order of colours that a model takes.</summary>
internal static class Colors
{
    /// <summary>Converts; gray pictures get three equal channels, coloured ones one of 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded.</summary>
    internal static Picture Convert(Picture picture, PixelOrder order) => (picture.Channels, order) switch
    {
        (1, PixelOrder.Gray) or (3, PixelOrder.Rgb) => picture,
        (1, _) => picture with { Channels = 3, Pixels = Map(picture.Pixels, 1, 3, static (from, to) => to.Fill(from[0])) },
        (_, PixelOrder.Gray) => picture with
        {
            Channels = 1,
            Pixels = Map(picture.Pixels, 3, 1, static (from, to) => to[0] = (byte)((299 * from[0] + 587 * from[1] + 114 * from[2] + 500) / 1000)),
        },
        _ => picture with
        {
            Pixels = Map(picture.Pixels, 3, 3, static (from, to) => (to[0], to[1], to[2]) = (from[2], from[1], from[0])),
        },
    };

    private delegate void Conversion(ReadOnlySpan<byte> from, Span<byte> to);

    private static byte[] Map(byte[] pixels, int from, int to, Conversion convert)
    {
        var result = new byte[pixels.Length / from * to];
        for (int i = 0, j = 0; i < pixels.Length; i += from, j += to)
        {
            convert(pixels.AsSpan(i, from), result.AsSpan(j, to));
        }

        return result;
    }
}
