using System.Collections.Immutable;
using Octet.Calibration.Files;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Numerics;

namespace Octet.Tests;

/// <summary>Calibration of a real (small) network: what its files promise.</summary>
public sealed class CalibratorTests : IDisposable
{
    private const int Samples = 24;

    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public void Run_OnAnyNumberOfThreads_GivesTheSameBytes()
    {
        byte[] expected = Bytes(new CalibrationOptions { Threads = 1 });
        Assert.Equal(expected, Bytes(new CalibrationOptions { Threads = 2 }));
        Assert.Equal(expected, Bytes(new CalibrationOptions { Threads = 4 }));
    }

    [Fact]
    public void Merge_OfShardsInAnyOrder_GivesTheBytesOfTheWhole()
    {
        byte[] expected = Bytes(new CalibrationOptions());
        CalibrationStatistics[] shards = Shards(3, new CalibrationOptions());
        Assert.Equal(expected, StatisticsFile.ToBytes(StatisticsMerge.Merge(shards)));
        Assert.Equal(expected, StatisticsFile.ToBytes(StatisticsMerge.Merge([shards[2], shards[0], shards[1]])));
    }

    [Fact]
    public void Merge_OfSecondSweepsAfterACommonFirst_GivesTheBytesOfTheWhole()
    {
        var options = new CalibrationOptions { Methods = [.. Mergeable()] };
        Assert.Contains(new Calibrator(options).Needs, n => n.Kind == StatisticKind.SecondSweep);
        Assert.NotEmpty(new Calibrator(options with { Shard = (1, 3) }).Waiting);
        byte[] expected = Bytes(options);
        byte[] first = StatisticsFile.ToBytes(StatisticsMerge.Merge(Shards(3, options)));
        CalibrationStatistics[] shards = [.. Enumerable.Range(1, 3).Select(k => Run(options with { Shard = (k, 3), Reuse = StatisticsFile.FromBytes(first, "test") }))];
        Assert.Equal(expected, StatisticsFile.ToBytes(StatisticsMerge.Merge([shards[1], shards[2], shards[0]])));
    }

    [Fact]
    public void Run_OfASecondSweepInAShard_NeedsWhatItRequiresOfAllSamples()
    {
        string method = ThresholdMethods.All.First(m => Needs(m).Any(n => !n.Requires.IsEmpty)).Name;
        var first = StatisticsMerge.Merge(Shards(2, new CalibrationOptions { Methods = ["max"] }));
        var error = Assert.Throws<OctetException>(() => Run(new CalibrationOptions { Methods = [method], Shard = (1, 2), Reuse = first }));
        Assert.Equal(ErrorCodes.StatisticMissing, error.Code);
    }

    [Fact]
    public void Run_OfKindsThatCannotBeSavedOrCut_IsRefusedWithTheReason()
    {
        foreach (var method in ThresholdMethods.All)
        {
            if (Needs(method).Any(n => n.Kind == StatisticKind.Raw))
            {
                var error = Assert.Throws<OctetException>(() => new Calibrator(new CalibrationOptions { Methods = [method.Name] }));
                Assert.Equal(ErrorCodes.StatisticKindRefused, error.Code);
                Assert.Contains("not saved", error.Message, StringComparison.Ordinal);
            }
            else if (Needs(method).Any(n => n.Kind == StatisticKind.Ordered))
            {
                _ = new Calibrator(new CalibrationOptions { Methods = [method.Name] });
                var error = Assert.Throws<OctetException>(() => new Calibrator(new CalibrationOptions { Methods = [method.Name], Shard = (1, 2) }));
                Assert.Equal(ErrorCodes.StatisticKindRefused, error.Code);
                Assert.Contains("ordered by nature", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Run_ForOneTarget_GathersWhatThatOneNeedsAndNoMore()
    {
        string[] methods = ["ifmr", "ppq-mse"];
        var options = new CalibrationOptions { Methods = [.. methods], Targets = ["onnxruntime"] };
        var all = new Calibrator(options with { Targets = [] }).Needs;
        var needs = new Calibrator(options).Needs;
        Assert.Empty(needs.Except(all));
        Assert.True(needs.Length < all.Length);
        var statistics = StatisticsFile.FromBytes(Bytes(options), "test");
        Assert.Equal(["onnxruntime"], statistics.Conflicts.Keys);
        var samples = sample.Open(sample.CalibrationFolder, samples: Samples);
        foreach (string method in methods)
        {
            var quantizer = new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Method = method, Target = "onnxruntime" });
            Assert.Equal(OnnxFormat.ToBytes(quantizer.Quantize(sample.ModelPath, samples).Model), OnnxFormat.ToBytes(quantizer.QuantizeFromStatistics(sample.ModelPath, statistics).Model));
        }

        var other = new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Method = "max", Target = "generic" });
        var error = Assert.Throws<OctetException>(() => other.QuantizeFromStatistics(sample.ModelPath, statistics));
        Assert.Equal(ErrorCodes.StatisticMissing, error.Code);
        Assert.Contains("for onnxruntime, not for generic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ForAnotherTargetAfterOne_GivesTheBytesOfBoth()
    {
        var options = new CalibrationOptions { Methods = ["ifmr"] };
        var first = StatisticsFile.FromBytes(Bytes(options with { Targets = ["generic"] }), "test");
        Assert.Equal(Bytes(options), Bytes(options with { Reuse = first }));
        var shard = Run(options with { Targets = ["generic"], Shard = (1, 2) });
        var error = Assert.Throws<OctetException>(() => StatisticsMerge.Merge([shard, Run(options with { Shard = (2, 2) })]));
        Assert.Equal(ErrorCodes.StatisticsStranger, error.Code);
    }

    [Fact]
    public void Run_WithParameters_GathersWhatTheyAskFor()
    {
        var parameters = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal).Add("nbins", 512).Add("search_step", 0.05);
        var options = new CalibrationOptions { Methods = ["hfmg", "ifmr"], Parameters = parameters };
        var statistics = Run(options);
        Assert.Contains("hfmg-bins:512", statistics.Coverage.Keys);
        Assert.Contains(statistics.Coverage.Keys, k => k.StartsWith("ifmr-errors:", StringComparison.Ordinal) && k.EndsWith(",0.05", StringComparison.Ordinal));
        var method = ThresholdMethods.Find("hfmg");
        var solved = StatisticsSolution.Solve(statistics, method, new ThresholdSettings(method, new Dictionary<string, double> { ["nbins"] = 512 }), QuantType.Int8, QuantScheme.Symmetric);
        Assert.Equal(statistics.Tensors.Count, solved.Length);
        Assert.Equal(ErrorCodes.StatisticMissing, Assert.Throws<OctetException>(() => StatisticsSolution.Solve(statistics, method, new ThresholdSettings(method), QuantType.Int8, QuantScheme.Symmetric)).Code);
    }

    [Theory]
    [InlineData("num_of_bins", "max", ErrorCodes.InvalidUsage)]
    [InlineData("num_of_bims", "hfmg", ErrorCodes.UnknownName)]
    [InlineData("num_of_bins", "all", ErrorCodes.InvalidUsage)]
    [InlineData("num_of_bins", "hfmg", ErrorCodes.InvalidUsage, 1e9)]
    public void AParameterThatNoMethodTakes_IsRefused(string name, string method, string code, double value = 512)
        => Assert.Equal(code, Assert.Throws<OctetException>(() => new Calibrator(new CalibrationOptions
        {
            Methods = [method],
            Parameters = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal).Add(name, value),
        })).Code);

    [Fact]
    public void Quantize_FromStatistics_GivesTheBytesOfQuantizingTheSamples()
    {
        var samples = sample.Open(sample.CalibrationFolder, samples: Samples);
        var statistics = StatisticsFile.FromBytes(Bytes(new CalibrationOptions { Methods = [.. Savable()] }), "test");
        foreach (string method in Savable().Append(ThresholdMethods.Auto))
        {
            var quantizer = new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Method = method });
            Assert.Equal(OnnxFormat.ToBytes(quantizer.Quantize(sample.ModelPath, samples).Model), OnnxFormat.ToBytes(quantizer.QuantizeFromStatistics(sample.ModelPath, statistics).Model));
        }
    }

    [Fact]
    public void Quantize_WithAMethodWhoseStatisticsWereNotGathered_IsACodedError()
    {
        var statistics = Run(new CalibrationOptions { Methods = ["max"] });
        foreach (var method in ThresholdMethods.All.Where(m => Needs(m).Any(n => !statistics.Coverage.ContainsKey(n.Key))))
        {
            var error = Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Method = method.Name }).QuantizeFromStatistics(sample.ModelPath, statistics));
            Assert.True(error.Code is ErrorCodes.StatisticMissing or ErrorCodes.StatisticKindRefused, error.Message);
        }
    }

    [Fact]
    public void Quantize_OfAnotherModel_SaysWhatDiffers()
    {
        var statistics = Run(new CalibrationOptions());
        string changed = WithScaledWeights();
        var quantizer = new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Method = "max" });
        var error = Assert.Throws<OctetException>(() => quantizer.QuantizeFromStatistics(changed, statistics));
        Assert.Equal(ErrorCodes.StatisticsStranger, error.Code);
        Assert.Contains("weights differ", error.Message, StringComparison.Ordinal);
        Assert.Contains("tensors lie behind changed ones", error.Message, StringComparison.Ordinal);
        var effort = Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions()).QuantizeFromStatistics(sample.ModelPath, statistics));
        Assert.Equal(ErrorCodes.InvalidUsage, effort.Code);
    }

    [Fact]
    public void Run_AfterAChangeOfOneLayersWeights_ReusesWhatLiesBeforeIt()
    {
        var earlier = StatisticsFile.FromBytes(Bytes(new CalibrationOptions()), "test");
        string changed = WithScaledWeights();
        var samples = sample.Open(sample.CalibrationFolder, samples: Samples);
        var outcome = new Calibrator(new CalibrationOptions { Reuse = earlier }).Run(changed, samples);
        Assert.NotEmpty(outcome.Reused);
        Assert.NotEmpty(outcome.Observed);
        byte[] whole = StatisticsFile.ToBytes(new Calibrator(new CalibrationOptions()).Run(changed, samples).Statistics);
        Assert.Equal(whole, StatisticsFile.ToBytes(outcome.Statistics));
    }

    [Fact]
    public void Run_WithAStrangersStatistics_SaysWhatDiffers()
    {
        var earlier = Run(new CalibrationOptions());
        Assert.Contains("the seed", Stranger(new CalibrationOptions { Reuse = earlier, Seed = 1 }, sample.Open(sample.CalibrationFolder, samples: Samples)), StringComparison.Ordinal);
        Assert.Contains("the observed weights", Stranger(new CalibrationOptions { Reuse = earlier, QuantizedWeights = "generic" }, sample.Open(sample.CalibrationFolder, samples: Samples)), StringComparison.Ordinal);
        Assert.Contains("the samples", Stranger(new CalibrationOptions { Reuse = earlier }, sample.Open(sample.CalibrationFolder, samples: Samples - 1)), StringComparison.Ordinal);
        Assert.Contains("the preprocessing", Stranger(new CalibrationOptions { Reuse = earlier }, sample.Open(sample.CalibrationFolder, "rgb", Samples)), StringComparison.Ordinal);
        var foreign = earlier with { Origin = earlier.Origin with { Processor = "arm64" } };
        Assert.Contains("processor", Stranger(new CalibrationOptions { Reuse = foreign }, sample.Open(sample.CalibrationFolder, samples: Samples)), StringComparison.Ordinal);
        _ = Run(new CalibrationOptions { Reuse = foreign, AllowMixedProcessors = true });
    }

    [Fact]
    public void Merge_OfWhatDoesNotBelongTogether_IsRefused()
    {
        CalibrationStatistics[] shards = Shards(2, new CalibrationOptions());
        var twice = Run(new CalibrationOptions());
        Assert.Equal(ErrorCodes.StatisticsStranger, Assert.Throws<OctetException>(() => StatisticsMerge.Merge([twice, shards[0]])).Code);
        var foreign = shards[1] with { Origin = shards[1].Origin with { Processor = "arm64" } };
        Assert.Contains("processor", Assert.Throws<OctetException>(() => StatisticsMerge.Merge([shards[0], foreign])).Message, StringComparison.Ordinal);
        Assert.Equal(Samples, StatisticsMerge.Merge([shards[0], foreign], allowMixedProcessors: true).SampleCount);
    }

    [Fact]
    public void Run_WithQuantizedWeights_ObservesOtherValues()
    {
        var rounded = Run(new CalibrationOptions { QuantizedWeights = "generic" });
        var whole = Run(new CalibrationOptions());
        Assert.Equal("weights quantized for generic", rounded.Origin.Observation);
        Assert.Contains(whole.Tensors, t => t.Value.Statistics.Histogram.Max != rounded.Tensors[t.Key].Statistics.Histogram.Max);
        Assert.Equal(whole.Tensors["image"].Statistics.Histogram.Max, rounded.Tensors["image"].Statistics.Histogram.Max);
    }

    private static IEnumerable<StatisticNeed> Needs(IThresholdMethod method)
        => method.Needs(QuantType.UInt8, false, new ThresholdSettings(method)).Concat(method.Needs(QuantType.Int8, true, new ThresholdSettings(method))).SelectMany(n => n.Requires.Append(n));

    private static IEnumerable<string> Savable() => ThresholdMethods.All.Where(m => Needs(m).All(n => n.Kind != StatisticKind.Raw)).Select(m => m.Name);

    private static IEnumerable<string> Mergeable()
        => ThresholdMethods.All.Where(m => Needs(m).All(n => n.Kind is not (StatisticKind.Ordered or StatisticKind.Raw))).Select(m => m.Name);

    private CalibrationStatistics Run(CalibrationOptions options) => new Calibrator(options).Run(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: Samples)).Statistics;

    private byte[] Bytes(CalibrationOptions options) => StatisticsFile.ToBytes(Run(options));

    private CalibrationStatistics[] Shards(int count, CalibrationOptions options) => [.. Enumerable.Range(1, count).Select(k => Run(options with { Shard = (k, count) }))];

    private string Stranger(CalibrationOptions options, ISampleSource samples)
    {
        var error = Assert.Throws<OctetException>(() => new Calibrator(options).Run(sample.ModelPath, samples));
        Assert.Equal(ErrorCodes.StatisticsStranger, error.Code);
        return error.Message;
    }

    // A layer in the middle: some tensors lie before it, some behind.
    private string WithScaledWeights()
    {
        var model = OnnxFormat.Read(sample.ModelPath);
        var node = model.Graph.Nodes.Where(n => n.Is("Conv")).SkipLast(4).Last();
        var weights = node.Inputs[1]!.Constant ?? node.Inputs[1]!.Producer!.GetTensor("value")!;
        node.SetInput(1, model.Graph.AddConstant("scaled", Tensor.FromArray([.. weights.ToFloats().Select(v => v * 1.5f)], weights.Shape)));
        string path = Path.Combine(sample.Root, "changed.onnx");
        OnnxFormat.Write(model, path);
        return path;
    }
}
