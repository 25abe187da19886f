using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>Counts in bins that the extremes of the first sweep fix.</summary>
/// <param name="need">Tells a value's bin.</param>
/// <param name="range">The extremes of the first sweep.</param>
public sealed class BinCounts(BinCountsNeed need, ValueRange range) : Statistic
{
    private readonly long[] counts = new long[need.Bins];
    private readonly Lock gate = new();

    /// <summary>The smallest and the largest value of the first sweep; they may lie on one side of zero.</summary>
    public ValueRange Range => range;

    /// <summary>The counts, bin by bin.</summary>
    public ImmutableArray<long> Counts => [.. counts];

    /// <inheritdoc/>
    public override void Add(int sample, ReadOnlySpan<float> values, Shape shape)
    {
        long[] own = new long[counts.Length];
        need.Count(values, range, own);
        lock (gate)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(counts, own, counts);
        }
    }

    /// <inheritdoc/>
    public override void Merge(Statistic other)
    {
        var bins = (BinCounts)other;
        if (bins.Range != range)
        {
            throw new InvalidOperationException($"Bins over {bins.Range} do not merge into bins over {range}.");
        }

        lock (gate)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(counts, bins.counts, counts);
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
