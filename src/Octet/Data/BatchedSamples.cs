using Octet.Numerics;

namespace Octet.Data;

/// <summary>Samples put together to batches along their first dimension, the last of them as small as what is left.</summary>
/// <param name="source">The samples, all of one shape.</param>
/// <param name="batch">Samples a batch, ≥ 1.</param>
public sealed class BatchedSamples(ISampleSource source, int batch) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => (source.Count + batch - 1) / batch;

    /// <inheritdoc/>
    public string Fingerprint => source.Fingerprint;

    /// <inheritdoc/>
    public Preprocess? Preprocess => source.Preprocess;

    /// <inheritdoc/>
    public string NameOf(int index) => Size(index) == 1 ? source.NameOf(index * batch) : $"{source.NameOf(index * batch)} and {Size(index) - 1} more";

    /// <inheritdoc/>
    public int? LabelOf(int index) => Size(index) == 1 ? source.LabelOf(index * batch) : null;

    /// <inheritdoc/>
    public IReadOnlyList<int?> LabelsOf(int index) => [.. Members(index).SelectMany(source.LabelsOf)];

    /// <inheritdoc/>
    /// <exception cref="OctetException"><see cref="ErrorCodes.SampleShape"/>: samples of one batch have unlike shapes.</exception>
    public Sample Load(int index)
    {
        Sample[] samples = [.. Members(index).Select(source.Load)];
        return samples.Length == 1 ? samples[0] with { Index = index } : new Sample(
            index, NameOf(index), samples[0].Inputs.Keys.ToDictionary(name => name, name => Together(name, samples), StringComparer.Ordinal), null);
    }

    private static Tensor Together(string name, Sample[] samples)
    {
        Tensor[] parts = [.. samples.Select(s => s.Inputs[name])];
        if (Array.FindIndex(parts, p => p.Type != parts[0].Type || p.Shape != parts[0].Shape) is >= 0 and var other)
        {
            throw new OctetException(
                ErrorCodes.SampleShape, $"sample \"{samples[other].Name}\" is {parts[other]}, but \"{samples[0].Name}\" of the same batch is {parts[0]}", "take batches of 1, or give samples of one shape");
        }

        var shape = parts[0].Shape;
        return Tensor.FromArray(parts[0].Type, parts.SelectMany(p => p.AsSpan<byte>().ToArray()).ToArray(), new Shape([shape[0] * parts.Length, .. shape.Dimensions.Skip(1)]));
    }

    private int Size(int index) => Math.Min(batch, source.Count - (index * batch));

    private IEnumerable<int> Members(int index) => Enumerable.Range(index * batch, Size(index));
}
