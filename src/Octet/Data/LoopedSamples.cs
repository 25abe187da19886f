namespace Octet.Data;

/// <summary>So many samples of a source, begun again where it has fewer, as loops over a data loader take them.</summary>
/// <param name="source">The samples.</param>
/// <param name="count">How many, ≥ 1.</param>
public sealed class LoopedSamples(ISampleSource source, int count) : DerivedSamples(source)
{
    private readonly int length = source.Count;

    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override Sample Load(int index) => base.Load(index) with { Index = index };

    /// <inheritdoc/>
    protected override int IndexOf(int index) => index % length;
}
