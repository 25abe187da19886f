namespace Octet.Data;

/// <summary>Some successive samples of a source.</summary>
/// <param name="source">All samples.</param>
/// <param name="from">Index of the first.</param>
/// <param name="to">Index behind the last.</param>
public sealed class PartOfSamples(ISampleSource source, int from, int to) : DerivedSamples(source)
{
    /// <inheritdoc/>
    public override int Count => to - from;

    /// <inheritdoc/>
    protected override int IndexOf(int index) => from + index;
}
