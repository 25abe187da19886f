namespace Octet.Data.Images;

/// <summary>
/// The picture as it passes through preprocessing, HWC: bytes while only sampled, as decoders and OpenCV keep it, and floats from
/// the first arithmetic step on. Exactly one of the two arrays is there.
/// </summary>
internal sealed record Raster(int Width, int Height, int Channels, byte[]? Bytes, float[]? Floats)
{
    internal static Raster Of(Picture picture) => new(picture.Width, picture.Height, picture.Channels, picture.Pixels, null);

    /// <summary>The part of Width×Height pixels at an offset.</summary>
    internal Raster Crop(int left, int top, int width, int height) => this with
    {
        Width = width,
        Height = height,
        Bytes = Bytes is null ? null : CropRows(Bytes, left, top, width, height),
        Floats = Floats is null ? null : CropRows(Floats, left, top, width, height),
    };

    /// <summary>Values as floats, converted where they are bytes.</summary>
    internal float[] ToFloats()
    {
        if (Floats is not null)
        {
            return Floats;
        }

        var values = new float[Bytes!.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertChecked<byte, float>(Bytes, values);
        return values;
    }

    private T[] CropRows<T>(T[] source, int left, int top, int width, int height)
    {
        var result = new T[width * height * Channels];
        for (int y = 0; y < height; y++)
        {
            Array.Copy(source, ((top + y) * Width + left) * Channels, result, y * width * Channels, width * Channels);
        }

        return result;
    }
}
