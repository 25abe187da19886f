using Octet.Calibration;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Inference;
using Octet.Numerics;
using Octet.Tests.Calibration.Thresholds;

namespace Octet.Tests.Calibration.Statistics;

/// <summary>What the kind of every statistic that any threshold method needs promises.</summary>
public sealed class StatisticContractTests
{
    private const int Samples = 24;

    private static readonly Shape Shape = new([1, 5, 60]);

    private static readonly float[][] Values = [.. Enumerable.Range(0, Samples).Select(i => ThresholdMethodContractTests.Gauss((int)Shape.Count, i).Select(v => v * (i + 1)).ToArray())];

    /// <summary>All needs of all methods for the usual types, by key.</summary>
    public static TheoryData<string> Keys() => [.. All.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> SavedKeys() => [.. All.Where(n => n.Value.Kind != StatisticKind.Raw).Select(n => n.Key).Order(StringComparer.Ordinal)];

    public static TheoryData<string> MergedKeys()
        => [.. All.Where(n => n.Value.Kind is not (StatisticKind.Raw or StatisticKind.Ordered)).Select(n => n.Key).Order(StringComparer.Ordinal)];

    private static Dictionary<string, StatisticNeed> All { get; } = ThresholdMethods.All
        .SelectMany(m => new[] { true, false }.SelectMany(symmetric => new[] { QuantType.Int8, QuantType.UInt8 }.SelectMany(t => m.Needs(t, symmetric, new ThresholdSettings(m)))))
        .SelectMany(n => n.Requires.Append(n))
        .Append(new MagnitudeBins(64))
        .DistinctBy(n => n.Key)
        .ToDictionary(n => n.Key, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(SavedKeys))]
    public void Find_OfAKey_GivesAnEqualNeed(string key) => Assert.Equal(All[key], StatisticNeeds.Find(key));

    [Theory]
    [MemberData(nameof(SavedKeys))]
    public void Read_OfWhatWasWritten_WritesTheSameBytes(string key)
    {
        byte[] written = Bytes(Gather(key, Enumerable.Range(0, Samples), Extremes(All[key])));
        var again = All[key].Create(Extremes(All[key]));
        var reader = new StatisticReader(written, "test");
        again.Read(reader);
        reader.End();
        Assert.Equal(written, Bytes(again));
    }

    [Theory]
    [MemberData(nameof(SavedKeys))]
    public void Read_OfACutOffStatistic_IsOneCodedError(string key)
    {
        byte[] written = Bytes(Gather(key, Enumerable.Range(0, Samples), Extremes(All[key])));
        foreach (int length in Enumerable.Range(0, 50).Select(i => i * written.Length / 50).Distinct())
        {
            var again = All[key].Create(Extremes(All[key]));
            var error = Assert.Throws<OctetException>(() =>
            {
                var reader = new StatisticReader(written.AsMemory(0, length), "test");
                again.Read(reader);
                reader.End();
            });
            Assert.Equal(ErrorCodes.StatisticsMalformed, error.Code);
        }
    }

    [Theory]
    [MemberData(nameof(MergedKeys))]
    public void Add_InAnyOrderAndOnAnyNumberOfThreads_GivesTheSameBytes(string key)
    {
        var first = Extremes(All[key]);
        byte[] expected = Bytes(Gather(key, Enumerable.Range(0, Samples), first));
        foreach (int seed in new[] { 1, 2, 3 })
        {
            int[] order = [.. Enumerable.Range(0, Samples)];
            new Random(seed).Shuffle(order);
            Assert.Equal(expected, Bytes(Gather(key, order, first)));
            foreach (int threads in new[] { 2, 4 })
            {
                var statistic = All[key].Create(first);
                ParallelRuns.ForEach(Samples, threads, i => Add(statistic, order[i]), CancellationToken.None);
                Assert.Equal(expected, Bytes(statistic));
            }
        }
    }

    [Theory]
    [MemberData(nameof(MergedKeys))]
    public void Merge_OfShardsInAnyOrder_GivesTheSameBytes(string key)
    {
        var first = Extremes(All[key]);
        int batch = All[key].BatchSize;
        byte[] expected = Bytes(Gather(key, Enumerable.Range(0, Samples), first));
        foreach (int shards in new[] { 2, 3 })
        {
            int batches = (Samples + batch - 1) / batch;
            Statistic[] parts = [.. Enumerable.Range(0, shards).Select(s => Gather(
                key, Enumerable.Range(0, Samples).Where(i => i / batch >= s * batches / shards && i / batch < (s + 1) * batches / shards), first))];
            foreach (var order in new[] { parts, [.. parts.Reverse()] })
            {
                var merged = All[key].Create(first);
                foreach (var part in order)
                {
                    merged.Merge(part);
                }

                Assert.Equal(expected, Bytes(merged));
            }
        }
    }

    [Fact]
    public void OrderedAndRawNeeds_RefuseToMerge()
    {
        foreach (var need in All.Values.Where(n => n.Kind is StatisticKind.Ordered or StatisticKind.Raw).Append(new RawValuesNeed()))
        {
            Assert.Throws<InvalidOperationException>(() => need.Create(new TensorStatistics()).Merge(need.Create(new TensorStatistics())));
        }

        Assert.Throws<InvalidOperationException>(() => new RawValuesNeed().Create(new TensorStatistics()).Write(new StatisticWriter()));
    }

    private static TensorStatistics Extremes(StatisticNeed need) => TensorStatistics.Of(Values, need.Requires, Shape);

    private static Statistic Gather(string key, IEnumerable<int> samples, TensorStatistics first)
    {
        var statistic = All[key].Create(first);
        foreach (int sample in samples)
        {
            Add(statistic, sample);
        }

        return statistic;
    }

    private static void Add(Statistic statistic, int sample)
    {
        using var values = new SampleValues(sample, Values[sample], Shape);
        statistic.Add(values);
    }

    private static byte[] Bytes(Statistic statistic)
    {
        var writer = new StatisticWriter();
        statistic.Write(writer);
        return writer.Written.ToArray();
    }
}
