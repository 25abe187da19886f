using Octet.Data.Arrays;
using Octet.Data.Images;
using Octet.Numerics;

namespace Octet.Data.Preprocessing;

/// <summary>A recipe made fit for one input of a model: sizes, colours and layout that the recipe leaves open are taken from the input.</summary>
internal sealed class PicturePipeline
{
    private readonly InputSpec spec;
    private readonly PictureShape target;
    private readonly PreprocessStep[] steps;
    private readonly PixelOrder? order;
    private readonly int affineTail;

    private PicturePipeline(InputSpec spec, PictureShape target, PixelOrder? order, PreprocessStep[] steps)
    {
        this.spec = spec;
        this.target = target;
        this.order = order;
        this.steps = steps;
        affineTail = steps.Length;
        while (affineTail > 0 && IsArithmetic(steps[affineTail - 1]))
        {
            affineTail--;
        }
    }

    /// <summary>Whether the input's first dimension is a batch.</summary>
    internal bool HasBatch => target.HasBatch;

    /// <summary>The recipe with nothing left open: what the fingerprint of the data contains.</summary>
    internal string Recipe => string.Join(',', steps.Select(s => s.ToString()!).Prepend(order?.ToString().ToLowerInvariant() ?? "any").Append(target.Layout.ToString().ToLowerInvariant()));

    /// <summary>Makes a recipe fit for an input.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PreprocessInvalid"/>: the recipe does not fit; all reasons are given.</exception>
    internal static PicturePipeline For(Preprocess recipe, InputSpec spec)
    {
        var problems = new List<string>();
        var layout = recipe.Steps.OfType<PreprocessStep.Layout>().FirstOrDefault()?.Order;
        var target = PictureShape.Of(spec, layout);
        if (target is null)
        {
            throw new OctetException(
                ErrorCodes.PreprocessInvalid, $"input \"{spec.Name}\" takes {spec.Wanted}, which no picture fits", "pictures need 2, 3 or 4 dimensions; give arrays (.npy) instead");
        }

        var order = recipe.Steps.OfType<PreprocessStep.Color>().FirstOrDefault()?.Order;
        int? channels = order is null ? null : order == PixelOrder.Gray ? 1 : 3;
        if (channels is not null && target.Channels is { } wanted && wanted != channels)
        {
            problems.Add($"{order.ToString()!.ToLowerInvariant()} gives {channels} channels, but input \"{spec.Name}\" takes {spec.Wanted}, {wanted} channels as {target.Layout.ToString().ToUpperInvariant()}");
        }

        order ??= target.Channels switch { 1 => PixelOrder.Gray, 3 => PixelOrder.Rgb, _ => null };
        var steps = recipe.Steps.Where(s => s is not (PreprocessStep.Color or PreprocessStep.Layout)).Select(s => Sized(s, target, spec, problems)).ToArray();
        if ((target.Channels ?? channels) is { } count)
        {
            problems.AddRange(steps.Where(s => ValuesOf(s) is { Length: > 1 } v && v.Length != count).Select(s => $"{s} needs 1 value or {count}, one a channel"));
        }

        return problems.Count == 0 ? new PicturePipeline(spec, target, order, steps) : throw RecipeParser.Error(recipe.ToString(), problems);
    }

    /// <summary>Runs the recipe on a decoded picture, whose colours are converted first.</summary>
    /// <exception cref="OctetException">The result does not fit the input.</exception>
    internal Tensor Run(Picture picture, string place) => Run(Raster.Of(order is { } wanted ? Colors.Convert(picture, wanted) : picture), place);

    /// <summary>Runs the recipe on values that were not decoded (arrays); they stay in the order of colours that they have.</summary>
    /// <exception cref="OctetException">The result does not fit the input.</exception>
    internal Tensor Run(Raster raster, string place)
    {
        foreach (var step in steps.AsSpan(0, affineTail))
        {
            raster = Apply(step, raster, place);
        }

        var tail = steps.AsSpan(affineTail);
        foreach (var step in tail)
        {
            CheckChannels(step, raster, place);
        }

        var shape = target.ShapeOf(raster.Width, raster.Height, raster.Channels);
        ShapeFit.Check(shape, spec, place);
        var values = raster.Bytes is { } bytes ? Lookup(bytes, raster, tail) : Arrange(Arithmetic(raster, tail).Floats!, raster);
        return ValueConversion.To(Tensor.FromArray(values, shape), spec, place);
    }

    /// <summary>Where rows, columns and channels lie in an array's row of values, seen from the model's input; null where it is no picture.</summary>
    internal Raster? RasterOf(Tensor row)
    {
        var d = row.Shape.Dimensions;
        bool channelsFirst = d.Length == 3 && (target.Channels is { } c ? d[0] == c && (d[2] != c || target.Layout == PixelLayout.Nchw) : d[0] is 1 or 3);
        (long height, long width, long channels) = d.Length switch
        {
            2 => (d[0], d[1], 1),
            3 when channelsFirst => (d[1], d[2], d[0]),
            3 => (d[0], d[1], d[2]),
            _ => (0, 0, 0),
        };
        if (width * height * channels == 0 || width > int.MaxValue || height > int.MaxValue || row.Count > Array.MaxLength / sizeof(float))
        {
            return null;
        }

        var raster = new Raster(
            (int)width, (int)height, (int)channels, row.Type == ElementType.UInt8 ? row.AsSpan<byte>().ToArray() : null, row.Type == ElementType.UInt8 ? null : row.ToFloats());
        return !channelsFirst || channels == 1 ? raster : raster with
        {
            Bytes = raster.Bytes is null ? null : Interleave(raster.Bytes, (int)channels),
            Floats = raster.Floats is null ? null : Interleave(raster.Floats, (int)channels),
        };
    }

    private static T[] Interleave<T>(T[] planes, int channels)
    {
        var result = new T[planes.Length];
        int plane = planes.Length / channels;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = planes[i % channels * plane + i / channels];
        }

        return result;
    }

    private static PreprocessStep Sized(PreprocessStep step, PictureShape target, InputSpec spec, List<string> problems)
    {
        if (step is not (PreprocessStep.Resize { Width: null } or PreprocessStep.Crop { Width: null } or PreprocessStep.Fit { Width: null }))
        {
            return step;
        }

        if (target.Width is not (> 0 and <= 65_535) || target.Height is not (> 0 and <= 65_535))
        {
            problems.Add($"{step} needs a size (such as 224x224): input \"{spec.Name}\" takes {spec.Wanted}");
            return step;
        }

        var (width, height) = ((int)target.Width, (int)target.Height);
        return step switch
        {
            PreprocessStep.Resize resize => resize with { Width = width, Height = height },
            PreprocessStep.Crop crop => crop with { Width = width, Height = height },
            PreprocessStep.Fit fit => fit with { Width = width, Height = height },
            _ => step,
        };
    }

    private static bool IsArithmetic(PreprocessStep step) => ValuesOf(step).Length > 0;

    private static ReadOnlySpan<double> ValuesOf(PreprocessStep step) => step switch
    {
        PreprocessStep.Scale scale => scale.Factors.AsSpan(),
        PreprocessStep.Mean mean => mean.Values.AsSpan(),
        PreprocessStep.Deviation deviation => deviation.Values.AsSpan(),
        _ => [],
    };

    private static Raster Apply(PreprocessStep step, Raster raster, string place)
    {
        switch (step)
        {
            case PreprocessStep.Resize resize:
                return Resampler.Resize(raster, resize.Width!.Value, resize.Height!.Value, resize.Interpolation);
            case PreprocessStep.Shorter shorter:
                return Shorten(raster, shorter.Length, shorter.Interpolation, place);
            case PreprocessStep.Crop crop:
                return CropMiddle(raster, crop.Width!.Value, crop.Height!.Value, place);
            case PreprocessStep.Fit { Width: { } width, Height: { } height } fit:
                return raster.Width == width && raster.Height == height ? raster : Fit(raster, width, height, fit.Interpolation, place);
            default:
                CheckChannels(step, raster, place);
                return Arithmetic(raster, [step]);
        }
    }

    /// <summary>Enlarges until 256/224 of both sides of the target are covered, and crops.</summary>
    private static Raster Fit(Raster raster, int width, int height, Interpolation interpolation, string place)
    {
        double factor = Math.Max((double)width / raster.Width, (double)height / raster.Height) * 256 / 224;
        int shorter = (int)Math.Max(Math.Round(Math.Min(raster.Width, raster.Height) * factor), 1);
        return CropMiddle(Shorten(raster, shorter, interpolation, place), width, height, place);
    }

    private static Raster Shorten(Raster raster, int length, Interpolation interpolation, string place)
    {
        bool wide = raster.Width > raster.Height;
        long longer = (long)length * Math.Max(raster.Width, raster.Height) / Math.Min(raster.Width, raster.Height);
        if (longer * length > PictureFile.MaxResized)
        {
            throw new OctetException(ErrorCodes.PictureTooLarge, $"{place}, {raster.Width}x{raster.Height} pixels, would be resized to {length} by {longer}", "leave it out");
        }

        return Resampler.Resize(raster, wide ? (int)longer : length, wide ? length : (int)longer, interpolation);
    }

    private static Raster CropMiddle(Raster raster, int width, int height, string place)
    {
        if (width > raster.Width || height > raster.Height)
        {
            throw new OctetException(
                ErrorCodes.SampleShape, $"{place}, {raster.Width}x{raster.Height} pixels, is too small to crop {width}x{height} from it", "resize before cropping (resize, shorter or fit)");
        }

        return raster.Crop((raster.Width - width) / 2, (raster.Height - height) / 2, width, height);
    }

    private static void CheckChannels(PreprocessStep step, Raster raster, string place)
    {
        if (ValuesOf(step) is { Length: > 1 } values && values.Length != raster.Channels)
        {
            throw new OctetException(ErrorCodes.SampleShape, $"{place} has {raster.Channels} channels, but {step} is for {values.Length}");
        }
    }

    /// <summary>The steps' result for one value of one channel; in double, so that the order of scale, mean and std costs no accuracy.</summary>
    private static double Evaluate(double value, int channel, ReadOnlySpan<PreprocessStep> steps)
    {
        foreach (var step in steps)
        {
            var values = ValuesOf(step);
            double operand = values[values.Length == 1 ? 0 : channel];
            value = step switch
            {
                PreprocessStep.Scale => value * operand,
                PreprocessStep.Mean => value - operand,
                _ => value / operand,
            };
        }

        return value;
    }

    private static Raster Arithmetic(Raster raster, ReadOnlySpan<PreprocessStep> steps)
    {
        var source = raster.ToFloats();
        if (steps.IsEmpty)
        {
            return raster with { Bytes = null, Floats = source };
        }

        var values = new float[source.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)Evaluate(source[i], i % raster.Channels, steps);
        }

        return raster with { Bytes = null, Floats = values };
    }

    /// <summary>A byte has 256 results a channel: they are computed once and looked up, on the way to the model's layout.</summary>
    private float[] Lookup(byte[] bytes, Raster raster, ReadOnlySpan<PreprocessStep> tail)
    {
        int channels = raster.Channels;
        int pixels = raster.Width * raster.Height;
        var result = new float[bytes.Length];
        Span<float> table = stackalloc float[256];
        for (int c = 0; c < channels; c++)
        {
            for (int v = 0; v < 256; v++)
            {
                table[v] = (float)Evaluate(v, c, tail);
            }

            (int start, int stride) = target.Layout == PixelLayout.Nchw ? (c * pixels, 1) : (c, channels);
            for (int i = c, to = start; i < bytes.Length; i += channels, to += stride)
            {
                result[to] = table[bytes[i]];
            }
        }

        return result;
    }

    private float[] Arrange(float[] values, Raster raster)
    {
        if (target.Layout == PixelLayout.Nhwc || raster.Channels == 1)
        {
            return values;
        }

        int pixels = raster.Width * raster.Height;
        var result = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            result[i % raster.Channels * pixels + i / raster.Channels] = values[i];
        }

        return result;
    }
}
