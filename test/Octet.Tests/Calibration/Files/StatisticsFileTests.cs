using System.Collections.Immutable;
using System.Security.Cryptography;
using Octet.Calibration;
using Octet.Calibration.Files;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;
using Octet.Numerics;
using Octet.Tests.Calibration.Thresholds;

namespace Octet.Tests.Calibration.Files;

public sealed class StatisticsFileTests
{
    private static readonly byte[] Written = StatisticsFile.ToBytes(Example());

    [Fact]
    public void FromBytes_OfWhatWasWritten_GivesTheSameBytes() => Assert.Equal(Written, StatisticsFile.ToBytes(StatisticsFile.FromBytes(Written, "test")));

    [Fact]
    public void FromBytes_CutOffAnywhere_IsOneCodedError()
    {
        for (int length = 0; length < Written.Length; length += 7)
        {
            AssertMalformed(Written[..length]);
            if (length > 48)
            {
                // The checksum right, so that the parser itself must notice.
                AssertMalformed(Sealed(Written[8..length]));
            }
        }
    }

    [Fact]
    public void FromBytes_WithAnyByteChanged_IsACodedErrorOrReadsSomething()
    {
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] content = Written[8..^32];
            int changes = 1 + random.Next(3);
            for (int j = 0; j < changes; j++)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            byte[] file = Sealed(content);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = StatisticsFile.FromBytes(file, "test");
            }
            catch (OctetException e)
            {
                Assert.Equal(ErrorCodes.StatisticsMalformed, e.Code);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600 << 20);
        }
    }

    [Fact]
    public void FromBytes_WithAWrongChecksum_IsRefused()
    {
        byte[] changed = [.. Written];
        changed[^1] ^= 1;
        AssertMalformed(changed);
        AssertMalformed([.. "PK"u8, .. Written]);
        AssertMalformed([]);
    }

    [Fact]
    public void Read_OfWhatIsNoFile_IsOneCodedError()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ErrorCodes.StatisticsMalformed, Assert.Throws<OctetException>(() => StatisticsFile.Read(folder["none.octs"])).Code);
        Assert.Equal(ErrorCodes.StatisticsMalformed, Assert.Throws<OctetException>(() => StatisticsFile.Read(folder.Path)).Code);
    }

    [Fact]
    public void Write_LeavesNothingElseBehind()
    {
        using var folder = new TemporaryFolder();
        StatisticsFile.Write(Example(), folder["a.octs"]);
        Assert.Equal(Written, File.ReadAllBytes(folder["a.octs"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static void AssertMalformed(byte[] file)
    {
        var error = Assert.Throws<OctetException>(() => StatisticsFile.FromBytes(file, "test"));
        Assert.Equal(ErrorCodes.StatisticsMalformed, error.Code);
    }

    private static byte[] Sealed(byte[] content) => [.. Written[..8], .. content, .. SHA256.HashData(content)];

    private static CalibrationStatistics Example()
    {
        var tensors = ImmutableSortedDictionary.CreateBuilder<string, ObservedTensor>(StringComparer.Ordinal);
        StatisticNeed[] needs = [new BatchExtremes(), new MagnitudeBins(16)];
        foreach (string name in new[] { "a", "b" })
        {
            var statistics = new TensorStatistics(2);
            float[][] samples = [.. Enumerable.Range(0, 4).Select(i => ThresholdMethodContractTests.Gauss(50, i))];
            for (int i = 0; i < samples.Length; i++)
            {
                using var values = new SampleValues(i, samples[i], new Shape([50]));
                statistics.Add(values);
            }

            foreach (var need in needs)
            {
                for (int i = 0; i < samples.Length; i++)
                {
                    using var values = new SampleValues(i, samples[i], new Shape([50]));
                    statistics.Begin(need).Add(values);
                }
            }

            tensors.Add(name, new ObservedTensor("hash of " + name, statistics));
        }

        var geometry = new PatchGeometry.Convolution([3, 3], [1, 1], [1, 1], [1, 1, 1, 1], "NOTSET", 1);
        var collector = new PatchCollector(new PatchRequest("layer", "a", geometry, 5), 1);
        collector.Offer(0, ThresholdMethodContractTests.Gauss(2 * 4 * 4, 9), new Shape([1, 2, 4, 4]));
        var all = SampleRanges.Of(0, 4);
        return new CalibrationStatistics
        {
            Origin = new StatisticsOrigin
            {
                Graph = "g",
                Weights = "w",
                Data = "d",
                Preprocess = "rgb",
                Observation = StatisticsOrigin.FloatWeights,
                Processor = "x64",
                Runtime = "1",
                Seed = 7,
                Samples = ["1", "2", "3", "4"],
            },
            Coverage = new[] { CalibrationStatistics.HistogramKey, CalibrationStatistics.RowsKey }.Concat(needs.Select(n => n.Key)).ToImmutableSortedDictionary(k => k, _ => all, StringComparer.Ordinal),
            Types = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("a", (ElementType.Float32, new Shape([1, 2])))]),
            Tensors = tensors.ToImmutable(),
            Conflicts = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("generic", ImmutableArray.Create(new RangeConflict("a", "the inputs", 1, 640, ["layer"])))]),
            Rows = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("layer", new ObservedRows("hash of a", collector.Finish()))]),
        };
    }
}
