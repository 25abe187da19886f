namespace Octet.Calibration.Statistics;

/// <summary>The smallest and the largest value of each batch.</summary>
public sealed record BatchExtremes : BatchRecordsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "batch-extremes";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override float[] Measure(SampleValues values)
    {
        if (values.Values.IsEmpty)
        {
            return [];
        }

        var (min, max) = values.Extremes;
        return [min, max];
    }
}
