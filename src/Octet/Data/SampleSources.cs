using Octet.Data.Sources;

namespace Octet.Data;

/// <summary>Opens samples of all kinds.</summary>
public static class SampleSources
{
    /// <summary>Opens what the command line's <c>--data</c> names.</summary>
    /// <param name="specification">
    /// A folder of pictures, of .npy or of raw .bin files (one sample each), or of ONNX test data sets; a list file; one picture; an
    /// .npy, .npz, IDX or .bin file whose rows are the samples. For a model of several inputs: an .npz with their names, or
    /// <c>input=path,input=path</c>, where a part of an input's name is enough if only one has it.
    /// </param>
    /// <param name="inputs">The model's inputs, at least one.</param>
    /// <param name="options">Which samples, and how they are prepared.</param>
    /// <returns>Samples in ordinal order of the files' names, or in the order of the list or array. Each has a batch of 1, or the model's where that is fixed.</returns>
    /// <exception cref="OctetException">The data is missing, of no known kind, or does not fit the model.</exception>
    /// <exception cref="ArgumentException">There are no inputs, or <see cref="SampleOptions.Samples"/> is less than 1.</exception>
    public static ISampleSource Open(string specification, IReadOnlyList<InputSpec> inputs, SampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        if (inputs.Count == 0)
        {
            throw new ArgumentException("A model without inputs takes no samples.", nameof(inputs));
        }

        if (options.Samples is < 1)
        {
            throw new ArgumentException($"At least 1 sample must be taken, not {options.Samples}.", nameof(options));
        }

        var parts = DataSpecification.Parse(specification, inputs);
        var opened = parts.SelectMany(part => DataOpener.Open(part.Path, part.Inputs, options)).ToDictionary(o => o.Spec, o => o.Items);
        var items = inputs.Select(spec => opened[spec]).ToArray();
        int count = items[0].Count;
        for (int i = 1; i < items.Length; i++)
        {
            if (items[i].Count != count)
            {
                throw new OctetException(
                    ErrorCodes.InputsMismatched, $"input \"{inputs[0].Name}\" has {count} samples, but input \"{inputs[i].Name}\" has {items[i].Count}");
            }
        }

        if (count == 0)
        {
            throw new OctetException(ErrorCodes.DataEmpty, $"there are no samples in \"{specification}\"");
        }

        return new InputSamples([.. inputs], items, Choose(count, options), options.Preprocess, LabelsOf(specification, options));
    }

    /// <summary>Samples that are in memory.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DataEmpty"/>.</exception>
    public static ISampleSource FromMemory(IEnumerable<Sample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new MemorySamples([.. samples]);
    }

    /// <summary>
    /// Takes samples as they come and keeps them in a temporary file, so that they can be read again, in any order, and memory holds
    /// one at a time. Disposing the result deletes the file.
    /// </summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DataEmpty"/>, or the disk is full (<see cref="ErrorCodes.DataUnreadable"/>).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<SpooledSamples> FromAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var spool = new SpooledSamples();
        try
        {
            await foreach (var sample in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                spool.Add(sample);
            }

            spool.Complete();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    private static int[] Choose(int count, SampleOptions options)
    {
        var order = Enumerable.Range(0, count).ToArray();
        if (options.Shuffle)
        {
            SeededOrder.Shuffle(order, options.Seed);
        }

        return options.Samples is { } first && first < count ? order[..first] : order;
    }

    private static Lazy<Labels>? LabelsOf(string specification, SampleOptions options)
    {
        if (options.Labels is { } path)
        {
            var labels = Labels.Read(path);
            return new Lazy<Labels>(labels);
        }

        // The labels that lie in a folder of samples are read only if somebody asks: calibration does without.
        string beside = Path.Combine(specification, DataOpener.LabelsFileName);
        return File.Exists(beside) ? new Lazy<Labels>(() => Labels.Read(beside)) : null;
    }
}
