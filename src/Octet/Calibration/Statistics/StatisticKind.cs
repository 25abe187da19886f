namespace Octet.Calibration.Statistics;

/// <summary>What a statistic depends on, and so what may be done with it.</summary>
public enum StatisticKind
{
    /// <summary>Counts, extremes and exact sums: neither the order of samples nor threads nor merges matter.</summary>
    OrderFree,

    /// <summary>Order-free, but gathered by a second sweep, which knows what the first one found.</summary>
    SecondSweep,

    /// <summary>A few numbers a batch of samples, kept by the batch's index and folded in the order of the data set: shards must be cut at the batches' bounds.</summary>
    Indexed,

    /// <summary>Every value changes how the next is taken: samples take turns in the order of the data set, no shards.</summary>
    Ordered,

    /// <summary>The values themselves. Not saved.</summary>
    Raw,
}
