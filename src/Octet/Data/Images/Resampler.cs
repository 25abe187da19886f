namespace Octet.Data.Images;

/// <summary>
/// Resizes pictures by the sampling rules of OpenCV's <c>resize</c> (and Pillow's for <see cref="Interpolation.Antialias"/>):
/// source = (destination + 0.5) · scale − 0.5, edges repeated. The sums are taken in float; a picture of bytes is rounded to bytes
/// (halves up, saturated) at the end, as those libraries do. OpenCV's own fixed-point weights of 11 bits may differ by one in places.
/// </summary>
internal static class Resampler
{
    private const double CubicA = -0.75;

    /// <summary>Resizes to <paramref name="width"/>×<paramref name="height"/>, each ≥ 1.</summary>
    internal static Raster Resize(Raster source, int width, int height, Interpolation interpolation)
    {
        if (source.Width == width && source.Height == height)
        {
            return source;
        }

        if (interpolation == Interpolation.Nearest)
        {
            return source with
            {
                Width = width,
                Height = height,
                Bytes = source.Bytes is null ? null : Pick(source, source.Bytes, width, height),
                Floats = source.Floats is null ? null : Pick(source, source.Floats, width, height),
            };
        }

        var values = Separable(source, Taps.Of(source.Width, width, interpolation), Taps.Of(source.Height, height, interpolation));
        return source.Bytes is null
            ? source with { Width = width, Height = height, Floats = values }
            : source with { Width = width, Height = height, Bytes = Round(values) };
    }

    private static T[] Pick<T>(Raster source, T[] values, int width, int height)
    {
        int channels = source.Channels;
        var result = new T[width * height * channels];
        double scaleX = (double)source.Width / width;
        double scaleY = (double)source.Height / height;
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            int row = Math.Min((int)(y * scaleY), source.Height - 1) * source.Width;
            for (int x = 0; x < width; x++)
            {
                int from = (row + Math.Min((int)(x * scaleX), source.Width - 1)) * channels;
                for (int c = 0; c < channels; c++)
                {
                    result[at++] = values[from + c];
                }
            }
        }

        return result;
    }

    /// <summary>Rows first, then columns; only the source rows that are read are made.</summary>
    private static float[] Separable(Raster source, Taps across, Taps down)
    {
        int channels = source.Channels;
        int rowLength = across.Count * channels;
        var result = new float[rowLength * down.Count];
        var rows = new float[]?[source.Height];
        for (int y = 0; y < down.Count; y++)
        {
            var into = result.AsSpan(y * rowLength, rowLength);
            for (int t = 0; t < down.Width; t++)
            {
                float weight = down.Weights[y * down.Width + t];
                if (weight != 0)
                {
                    int from = down.Sources[y * down.Width + t];
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(rows[from] ??= FilterRow(source, from, across), weight, into, into);
                }
            }

            Release(rows, down, y);
        }

        return result;
    }

    /// <summary>Forgets the rows that no later output row reads, so that memory holds a few rows instead of the picture as floats.</summary>
    private static void Release(float[]?[] rows, Taps down, int y)
    {
        if (y + 1 < down.Count)
        {
            int next = down.Sources[(y + 1) * down.Width];
            for (int i = down.Sources[y * down.Width]; i < next; i++)
            {
                rows[i] = null;
            }
        }
    }

    private static float[] FilterRow(Raster source, int y, Taps across)
    {
        int channels = source.Channels;
        int length = source.Width * channels;
        var input = new float[length];
        if (source.Bytes is { } bytes)
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked<byte, float>(bytes.AsSpan(y * length, length), input);
        }
        else
        {
            source.Floats.AsSpan(y * length, length).CopyTo(input);
        }

        var row = new float[across.Count * channels];
        for (int x = 0; x < across.Count; x++)
        {
            for (int t = 0; t < across.Width; t++)
            {
                int from = across.Sources[x * across.Width + t] * channels;
                float weight = across.Weights[x * across.Width + t];
                for (int c = 0; c < channels; c++)
                {
                    row[x * channels + c] += weight * input[from + c];
                }
            }
        }

        return row;
    }

    private static byte[] Round(float[] values)
    {
        var bytes = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(values[i] + 0.5f, 0f, 255f);
        }

        return bytes;
    }

    /// <summary>For each output position along an axis: which source positions it reads (never decreasing with the output), and their weights.</summary>
    private sealed record Taps(int Count, int Width, int[] Sources, float[] Weights)
    {
        internal static Taps Of(int length, int target, Interpolation interpolation)
        {
            double scale = (double)length / target;
            double support = interpolation switch
            {
                Interpolation.Cubic => 2,
                Interpolation.Antialias => Math.Max(scale, 1),
                _ => 1,
            };
            int width = 2 * (int)Math.Ceiling(support) + 1;
            var sources = new int[target * width];
            var weights = new float[target * width];
            var exact = new double[width];
            for (int i = 0; i < target; i++)
            {
                double center = (i + 0.5) * scale - 0.5;
                int first = (int)Math.Floor(center - support) + 1;
                double sum = 0;
                for (int t = 0; t < width; t++)
                {
                    int at = first + t;
                    double weight = WeightOf(at - center, scale, interpolation);
                    bool inside = at >= 0 && at < length;

                    // Pillow leaves out what lies outside and divides by what is left; OpenCV repeats the edge.
                    exact[t] = interpolation == Interpolation.Antialias && !inside ? 0 : weight;
                    sources[i * width + t] = Math.Clamp(at, 0, length - 1);
                    sum += exact[t];
                }

                for (int t = 0; t < width; t++)
                {
                    weights[i * width + t] = (float)(exact[t] / sum);
                }
            }

            return new Taps(target, width, sources, weights);
        }

        private static double WeightOf(double distance, double scale, Interpolation interpolation)
        {
            double d = Math.Abs(distance);
            return interpolation switch
            {
                Interpolation.Cubic when d <= 1 => ((CubicA + 2) * d - (CubicA + 3)) * d * d + 1,
                Interpolation.Cubic when d < 2 => ((CubicA * d - 5 * CubicA) * d + 8 * CubicA) * d - 4 * CubicA,
                Interpolation.Cubic => 0,
                Interpolation.Antialias => Math.Max(0, 1 - d / Math.Max(scale, 1)),
                _ => Math.Max(0, 1 - d),
            };
        }
    }
}
