using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Rewrites;
using Octet.Tests.Cli;
using Octet.Tests.Rewrites;

namespace Octet.Tests.Planning;

public sealed class RangeGuardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Targets => [.. TargetCatalog.All.Select(t => t.Name)];

    public static TheoryData<string> RealModelsHere => [.. RealModels.Present];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("generic", Effort.Normal)]
    [InlineData("generic", Effort.Fast)]
    [InlineData("onnxruntime", Effort.Fast)]
    public void Quantize_BoxesBesideScores_KeepsTheJoinFloatAndBothPartsWhole(string target, Effort effort)
    {
        var model = RangeModels.Detector();
        var result = Quantize(model, target, guard: true, effort);
        Assert.Empty(result.Report.Lost);
        Assert.Equal(LayerDecision.Float, result.Plan!.Layers.Single(l => l.OpType == "Concat").Decision);
        Assert.All(result.Plan.WeightedLayers, l => Assert.Equal("Conv", l.OpType));
        Assert.Equal(3, result.Plan.WeightedLayers.Count());
        if (target == "generic")
        {
            Assert.Contains(result.Report.Warnings, w => w.StartsWith("OCT4112: the inputs of \"all\"", StringComparison.Ordinal));
            Assert.Contains("which one scale cannot hold", result.Report.Layers.Single(l => l.OpType == "Concat").Why!, StringComparison.Ordinal);

            var unguarded = Quantize(model, target, guard: false, effort);
            Assert.Contains(unguarded.Report.Lost, l => l.StartsWith("output \"all\" lost 2 of its 6 parts", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Quantize_OneLayerOfBoxesAndScores_KeepsItFloat(string target)
    {
        var model = RangeModels.DetectorOfOneLayer();
        var result = Quantize(model, target, guard: true, Effort.Fast);
        Assert.Empty(result.Report.Lost);
        Assert.StartsWith("channels of \"head_sum\"", result.Report.Layers.Single(l => l.Name == "head").Why!, StringComparison.Ordinal);
        Assert.Equal("quantized", result.Report.Layers.Single(l => l.Name == "backbone").Decision);
        Assert.Contains(Quantize(model, target, guard: false, Effort.Fast).Report.Lost, l => l.Contains("lost 2 of its 6 parts", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Quantize_ALayerThatReadsBoxesAndScores_KeepsItFloatToo(string target)
    {
        var result = Quantize(RangeModels.DetectorWithReader(), target, guard: true, Effort.Fast);
        Assert.Empty(result.Report.Lost);
        Assert.Equal(["backbone", "boxes", "scores"], result.Plan!.WeightedLayers.Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Quantize_ALayerThatReadsWhatWherePicked_KeepsItFloat(string target)
    {
        var result = Quantize(RangeModels.Picked(), target, guard: true, Effort.Fast);
        Assert.StartsWith("the inputs of \"picked\" reach 0.", result.Report.Layers.Single(l => l.Name == "last").Why!, StringComparison.Ordinal);
        Assert.Equal(["backbone", "boxes", "scores"], result.Plan!.WeightedLayers.Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("fpga-int8")]
    public void Quantize_TheLesserOfBoxesAndScores_KeepsItFloat(string target)
    {
        var result = Quantize(RangeModels.Least(), target, guard: true, Effort.Fast);
        Assert.StartsWith("the inputs of \"least\" reach", result.Report.Layers.Single(l => l.Name == "least").Why!, StringComparison.Ordinal);
        Assert.Equal("quantized", Quantize(RangeModels.Least(), target, guard: false, Effort.Fast).Report.Layers.Single(l => l.Name == "least").Decision);
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("fpga-int8")]
    public void Quantize_WhatIsAboveTheLeastFloat_IsNotDisturbedByIt(string target)
    {
        var result = Quantize(RangeModels.AboveAll(), target, guard: true, Effort.Normal);
        Assert.DoesNotContain(result.Report.Layers, l => l.Decision == "float");
        Assert.InRange(result.Report.Sqnr!.Value, 25, 80);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Quantize_AMaskAddedToScores_KeepsTheSumFloat(string target)
    {
        var model = RangeModels.Masked();
        var result = Quantize(model, target, guard: true, Effort.Fast);
        Assert.Equal("float", result.Report.Layers.Single(l => l.Name == "masked").Decision);
        Assert.StartsWith("the values and the mask of \"masked\" reach", result.Report.Layers.Single(l => l.Name == "masked").Why!, StringComparison.Ordinal);
        Assert.Equal(["scores", "values"], result.Plan!.WeightedLayers.Select(l => l.Name));
    }

    [Theory]
    [InlineData(Effort.Normal)]
    [InlineData(Effort.Fast)]
    public void Quantize_PartsThat16BitsHoldOnAChipWithoutFloats_WidensTheJoinAndSaysWhy(Effort effort)
    {
        var result = Quantize(RangeModels.Detector(size: 4), "generic", guard: true, effort);
        Assert.Empty(result.Report.Lost);
        Assert.Equal(LayerDecision.Quantized, result.Plan!.Layers.Single(l => l.OpType == "Concat").Decision);
        Assert.Equal(16, result.Plan.TypeOf("all").Bits);
        Assert.Equal(16, result.Plan.ParamsOf("all").Type.Bits);
        Assert.Equal(8, result.Plan.ParamsOf("x").Type.Bits);
        Assert.Equal(21, result.Model.Opsets[string.Empty]);
        Assert.StartsWith("16 bits: the inputs of \"all\" reach", result.Report.Tensors.Single(t => t.Name == "all").Why!, StringComparison.Ordinal);
        string warning = Assert.Single(result.Report.Warnings, w => w.StartsWith(ErrorCodes.RangesConflict, StringComparison.Ordinal));
        Assert.Matches("\"all\" has 16 bits \\(with 16 bits [0-9.]+ dB, with floats [0-9.]+ dB", warning);
        Assert.NotEmpty(Quantize(RangeModels.Detector(size: 4), "generic", guard: false, effort).Report.Lost);
    }

    // What such a method gathers depends on the bits.
    [Fact]
    public void Quantize_AWidenedTensorByAMethodOfTwoSweeps_GathersForBothTypes()
    {
        var result = Quantize(RangeModels.Detector(size: 4), "generic", guard: true, Effort.Fast, method: "ifmr");
        Assert.Equal(16, result.Plan!.ParamsOf("all").Type.Bits);
        Assert.All(result.Report.Tensors.Where(t => t.Name is "x" or "boxes_relu"), t => Assert.Equal("ifmr", t.Method));
    }

    [Fact]
    public void Quantize_PartsThat16BitsHoldWhereFloatsCostNothing_KeepsTheJoinFloatAndSaysSo()
    {
        var result = Quantize(RangeModels.DetectorWithReader(size: 4), "onnxruntime", guard: true, Effort.Fast);
        Assert.Empty(result.Report.Lost);
        string warning = Assert.Single(result.Report.Warnings, w => w.StartsWith(ErrorCodes.RangesConflict, StringComparison.Ordinal));
        Assert.Matches("with 16 bits [0-9.]+ dB, with floats [0-9.]+ dB for [0-9.]+ % of the multiply-accumulates", warning);
    }

    [Theory]
    [InlineData("onnxruntime", true)]
    [InlineData("onnxruntime-s8s8", true)]
    [InlineData("generic", false)]
    public void Quantize_OneLayerOfPartsThat16BitsHold_WidensWhereItsWeightsKeepThemToo(string target, bool widens)
    {
        var result = Quantize(RangeModels.DetectorOfOneLayer(size: 12), target, guard: true, Effort.Fast);
        Assert.Empty(result.Report.Lost);
        var head = result.Report.Layers.Single(l => l.Name == "head");
        Assert.Equal(widens ? "quantized" : "float", head.Decision);
        Assert.Equal(widens, result.Plan!.Slots.Any(s => s.Bits == 16));
        Assert.Contains(result.Report.Warnings, w => w.Contains("judged on 8 samples", StringComparison.Ordinal));
    }

    [Fact]
    public void Quantize_PartsThat16BitsDoNotHold_SaysSo()
        => Assert.Contains(Quantize(RangeModels.Detector(), "generic", guard: true, Effort.Fast).Report.Warnings, w => w.EndsWith("(16 bits would not hold it either)", StringComparison.Ordinal));

    [Fact]
    public void Quantize_WithThePlanOfAGuardedRun_GivesTheSameModel()
    {
        var model = RangeModels.Detector(size: 4);
        var first = Quantize(model, "generic", guard: true, Effort.Fast);
        var again = Quantize(model, "generic", guard: true, Effort.Fast, SavedPlan.Of(first.Report));
        Assert.Equal(OnnxFormat.ToBytes(first.Model), OnnxFormat.ToBytes(again.Model));
    }

    [Theory]
    [MemberData(nameof(RealModelsHere))]
    public void Find_InRealModels_FindsNothing(string path)
    {
        var model = OnnxFormat.Read(path);
        model.Graph.FixInputDefaults();
        RewritePipeline.Simplify.Run(model);
        using var session = FloatEquality.Open(model);
        Sample[] samples = [.. Enumerable.Range(0, 4).Select(i => new Sample(i, $"{i}", FloatEquality.InputsOf(session, i), null))];
        var types = TypeProbe.Run(model, samples[0].Inputs);
        foreach (var target in TargetCatalog.All)
        {
            Assert.Empty(new RangeGuard(model, Planner.Build(model.Graph, target, types, [])).Find(new ObservedRanges(model, samples, 2)));
        }
    }

    [Fact]
    public async Task Command_ThatWouldLoseTheScores_EndsWithStatusOneAndWritesNothing()
    {
        var model = RangeModels.Detector();
        RangeModels.Write(model, folder.Path);
        string[] words = ["quantize", "model.onnx", "--data", RangeModels.Data(model, folder.Path), "--target", "generic", "-o", "out.onnx"];
        string error = (await OctetTool.Run(folder.Path, [.. words, "--no-range-guard"])).Failed(1, "OCT4001");
        Assert.Contains("lost 2 of its 6 parts", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.onnx"]));

        Assert.Contains("warning OCT4112: ", (await OctetTool.Run(folder.Path, words)).Succeeded().Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out.onnx"]));
    }

    private QuantizedModel Quantize(Model model, string target, bool guard, Effort effort, SavedPlan? plan = null, string method = "auto")
    {
        string place = Directory.CreateDirectory(folder[$"{guard}{plan is not null}"]).FullName;
        string path = RangeModels.Write(model, place);
        var samples = SampleSources.Open(RangeModels.Data(model, place), ModelInputs.Of(model.Graph), new SampleOptions());
        return new Quantizer(new QuantizerOptions { Target = target, RangeGuard = guard, Effort = effort, Plan = plan, Method = method }).Quantize(path, samples);
    }
}
