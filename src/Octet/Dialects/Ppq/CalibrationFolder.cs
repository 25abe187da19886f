using Octet.Data;
using Octet.Numerics;

namespace Octet.Dialects.Ppq;

/// <summary>Reads calibration data as PPQ does (ppq/api/fsys.py, load_calibration_dataset): a folder of .npy, or of .bin or .raw with 32-bit floats, a sample a file, put together to batches.</summary>
public static class CalibrationFolder
{
    /// <summary>The layouts of samples: channels first or last.</summary>
    public static IReadOnlyList<string> Layouts { get; } = ["chw", "hwc"];

    /// <summary>Opens samples.</summary>
    /// <param name="path">A folder, or whatever else <see cref="SampleSources.Open"/> takes.</param>
    /// <param name="inputs">What the model takes, channels first.</param>
    /// <param name="layout">One of <see cref="Layouts"/>.</param>
    /// <param name="batch">Samples a batch, ≥ 1; 1 for models whose batch is fixed.</param>
    /// <param name="options">Which samples, and what is done to them.</param>
    /// <returns>The batches.</returns>
    /// <exception cref="OctetException">The data is missing, of no known kind, or does not fit the model; <see cref="ErrorCodes.InvalidUsage"/>: layout or batch do not fit the model.</exception>
    public static ISampleSource Open(string path, IReadOnlyList<InputSpec> inputs, string layout, int batch, SampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (batch > 1 && inputs.FirstOrDefault(i => i.Dimensions.Count > 0 && i.Dimensions[0] is not null) is { } closed)
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, $"batches of {batch} samples were asked for, but input \"{closed.Name}\" takes {closed.Dimensions[0]} a run always", "take batches of 1, or export the model with an open batch");
        }

        var opened = layout == "hwc" ? new ChannelsFirst(SampleSources.Open(path, [.. inputs.Select(ChannelsLast)], options)) : SampleSources.Open(path, inputs, options);
        return batch == 1 ? opened : new BatchedSamples(opened, batch);
    }

    private static InputSpec ChannelsLast(InputSpec input) => input.Dimensions is [var n, var c, var h, var w]
        ? input with { Dimensions = [n, h, w, c] }
        : throw new OctetException(ErrorCodes.InvalidUsage, $"layout hwc is of pictures, and input \"{input.Name}\" has {input.Dimensions.Count} dimensions", "take chw");

    /// <summary>Pictures with their channels moved in front of rows and columns.</summary>
    private sealed class ChannelsFirst(ISampleSource source) : DerivedSamples(source)
    {
        public override Sample Load(int index)
        {
            var sample = base.Load(index);
            return sample with { Inputs = sample.Inputs.ToDictionary(i => i.Key, i => Moved(i.Value), StringComparer.Ordinal) };
        }

        private static Tensor Moved(Tensor picture)
        {
            var (n, h, w, c) = ((int)picture.Shape[0], (int)picture.Shape[1], (int)picture.Shape[2], (int)picture.Shape[3]);
            float[] values = picture.ToFloats();
            var moved = new float[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                var (pixel, channel) = Math.DivRem(i, c);
                var (item, place) = Math.DivRem(pixel, h * w);
                moved[(((item * c) + channel) * h * w) + place] = values[i];
            }

            return Tensor.FromArray(moved, new Shape(n, c, h, w));
        }
    }
}
