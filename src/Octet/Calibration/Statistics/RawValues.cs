namespace Octet.Calibration.Statistics;

/// <summary>All values of a tensor, sample by sample. They take the memory that they take.</summary>
public sealed class RawValues : Statistic
{
    private readonly SortedDictionary<int, float[]> samples = [];
    private readonly Lock gate = new();

    /// <summary>The values of each sample, in the order of the data set.</summary>
    public IReadOnlyList<float[]> InOrder => [.. samples.Values];

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        float[] copy = values.Values.ToArray();
        lock (gate)
        {
            samples.Add(values.Sample, copy);
        }
    }
}
