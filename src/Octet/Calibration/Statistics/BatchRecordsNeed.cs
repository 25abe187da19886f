namespace Octet.Calibration.Statistics;

/// <summary>A few numbers of each batch of samples.</summary>
public abstract record BatchRecordsNeed : NeedFor<BatchRecords>
{
    /// <inheritdoc/>
    public sealed override StatisticKind Kind => StatisticKind.Indexed;

    /// <summary>Measures a batch.</summary>
    /// <param name="values">Of its samples, one after the other, in the shape of the whole batch.</param>
    /// <returns>Few numbers: they are kept for every batch.</returns>
    public abstract float[] Measure(SampleValues values);

    /// <inheritdoc/>
    public sealed override BatchRecords Create(TensorStatistics first) => new(this);
}
