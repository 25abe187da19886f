namespace Octet.Data;

/// <summary>Samples made of those of another source, one of each: all but <see cref="Load"/> is that source's.</summary>
/// <param name="source">The samples that they are made of.</param>
public abstract class DerivedSamples(ISampleSource source) : ISampleSource
{
    /// <inheritdoc/>
    public virtual int Count => source.Count;

    /// <summary>That of the source.</summary>
    public string Fingerprint => source.Fingerprint;

    /// <inheritdoc/>
    public Preprocess? Preprocess => source.Preprocess;

    /// <inheritdoc/>
    public string NameOf(int index) => source.NameOf(IndexOf(index));

    /// <inheritdoc/>
    public int? LabelOf(int index) => source.LabelOf(IndexOf(index));

    /// <inheritdoc/>
    public IReadOnlyList<int?> LabelsOf(int index) => source.LabelsOf(IndexOf(index));

    /// <inheritdoc/>
    public virtual Sample Load(int index) => source.Load(IndexOf(index));

    /// <summary>Which sample of the source one is made of.</summary>
    protected virtual int IndexOf(int index) => index;
}
