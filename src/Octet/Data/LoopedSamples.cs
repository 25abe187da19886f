namespace Octet.Data;

/// <summary>So many samples of a source, begun again where it has fewer, as loops over a data loader take them.</summary>
/// <param name="source">The samples.</param>
/// <param name="count">How many, ≥ 1.</param>
public sealed class LoopedSamples(ISampleSource source, int count) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public string Fingerprint => source.Fingerprint;

    /// <inheritdoc/>
    public Preprocess? Preprocess => source.Preprocess;

    /// <inheritdoc/>
    public string NameOf(int index) => source.NameOf(index % source.Count);

    /// <inheritdoc/>
    public int? LabelOf(int index) => source.LabelOf(index % source.Count);

    /// <inheritdoc/>
    public IReadOnlyList<int?> LabelsOf(int index) => source.LabelsOf(index % source.Count);

    /// <inheritdoc/>
    public Sample Load(int index) => source.Load(index % source.Count) with { Index = index };
}
