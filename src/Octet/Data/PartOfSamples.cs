namespace Octet.Data;

/// <summary>Some successive samples of a source.</summary>
/// <param name="source">All samples.</param>
/// <param name="from">Index of the first.</param>
/// <param name="to">Index behind the last.</param>
public sealed class PartOfSamples(ISampleSource source, int from, int to) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => to - from;

    /// <summary>That of the whole source.</summary>
    public string Fingerprint => source.Fingerprint;

    /// <inheritdoc/>
    public Preprocess? Preprocess => source.Preprocess;

    /// <inheritdoc/>
    public string NameOf(int index) => source.NameOf(from + index);

    /// <inheritdoc/>
    public int? LabelOf(int index) => source.LabelOf(from + index);

    /// <inheritdoc/>
    public IReadOnlyList<int?> LabelsOf(int index) => source.LabelsOf(from + index);

    /// <inheritdoc/>
    public Sample Load(int index) => source.Load(from + index);
}
