using System.Collections.Immutable;

namespace Octet.Calibration.Statistics;

/// <summary>Counts in bins that the extremes of the first sweep fix.</summary>
/// <param name="need">Tells the bins.</param>
/// <param name="range">The extremes of the first sweep.</param>
public sealed class BinCounts(BinCountsNeed need, ValueRange range) : Statistic
{
    private readonly LinearBins bins = need.Over(range);
    private readonly long[] counts = new long[need.Bins];
    private readonly Lock gate = new();

    /// <summary>The smallest and the largest value of the first sweep; they may lie on one side of zero.</summary>
    public ValueRange Range => range;

    /// <summary>The counts, bin by bin.</summary>
    public ImmutableArray<long> Counts => [.. counts];

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        var more = values.CountsIn(bins);
        lock (gate)
        {
            for (int i = 0; i < more.Length; i++)
            {
                counts[i] += more[i];
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(Statistic other)
    {
        var others = (BinCounts)other;
        if (others.Range != range)
        {
            throw new InvalidOperationException($"Bins over {others.Range} do not merge into bins over {range}.");
        }

        lock (gate)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(counts, others.counts, counts);
        }
    }

    /// <inheritdoc/>
    public override void Write(StatisticWriter writer)
    {
        writer.WriteSingle(range.Min);
        writer.WriteSingle(range.Max);
        foreach (long count in counts)
        {
            writer.WriteCount(count);
        }
    }

    /// <inheritdoc/>
    public override void Read(StatisticReader reader)
    {
        var written = new ValueRange(reader.ReadSingle(), reader.ReadSingle());
        if (written != range)
        {
            throw reader.Malformed("bins over other extremes than the histogram's");
        }

        reader.Reserve((long)counts.Length * sizeof(long));
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = reader.ReadCount();
        }
    }
}
