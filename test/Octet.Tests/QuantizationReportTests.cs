using Octet.Analysis;
using Octet.Data;
using Octet.Tests.Analysis;

namespace Octet.Tests;

public sealed class QuantizationReportTests(ShapesSample shapes) : IClassFixture<ShapesSample>
{
    [Fact]
    public void Quantize_OfTheShapes_ReportsLayersTensorsAndSizes()
    {
        var result = Quantize(new QuantizerOptions(), shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 32));
        var report = result.Report;
        Assert.Equal(new FileInfo(shapes.ModelPath).Length, report.FloatBytes);
        Assert.Equal(Octet.Formats.Onnx.OnnxFormat.ToBytes(result.Model).Length, report.QuantizedBytes);
        Assert.InRange(report.QuantizedBytes, 1, report.FloatBytes - 1);
        Assert.Equal(32, report.Samples);

        var weighted = report.Layers.Where(l => l.OpType is "Conv" or "Gemm").ToArray();
        Assert.Equal(15, weighted.Length);
        Assert.All(weighted, layer =>
        {
            Assert.Equal("quantized", layer.Decision);
            Assert.InRange(layer.Sqnr!.Value, 15, 70);
            Assert.NotNull(layer.WeightRounding);
            Assert.True(layer.Weights!.Error > 0);
            Assert.Equal(0, layer.Weights.SaturatingSumsLeft);
            Assert.Equal(layer.SaturatingChannels, layer.Weights.NarrowedChannels + layer.Weights.ClippedChannels);
            Assert.True(layer.MultiplyAccumulates > 0);
        });
        Assert.Equal(5, weighted.Count(l => l.Cost is not null));
        Assert.Contains(weighted, l => l.WeightRounding == "feedback");

        Assert.All(report.Tensors, tensor => Assert.True(tensor.Scale > 0));
        var input = Assert.Single(report.Tensors, t => t.Name == "image");
        Assert.InRange(input.Min!.Value, -2, 0);
        Assert.InRange(input.Max!.Value, 1, 4);
        Assert.NotNull(input.Method);

        // The estimate on calibration samples is not far from the truth on others.
        var evaluation = Evaluator.Evaluate(result.Model, shapes.ModelPath, shapes.Open(shapes.TestList, samples: 100));
        Assert.InRange(report.Sqnr!.Value, evaluation.Outputs[0].Sqnr - 3, evaluation.Outputs[0].Sqnr + 3);
    }

    [Fact]
    public void Quantize_TellsAReasonForEveryLayerAndEveryTensor()
    {
        var usual = Report(new QuantizerOptions());
        AssertLayer(usual, "target onnxruntime has an integer kernel for Conv; weights of 8 bits as the target has them; a scale for each output channel, as the target can");
        AssertLayer(usual, "rounded with error feedback in the channels where that helps");
        AssertLayer(usual, "channels narrowed, so that 16-bit sums do not saturate: ");
        AssertLayer(usual, "its channels balanced (");
        AssertLayer(usual, "the bias takes up the mean shift of its outputs");
        AssertLayer(usual, "floats leave it, since no integer layer reads them");
        AssertLayer(usual, "the saturation of the layer before it clamps");
        AssertLayer(usual, "it moves integers as they are");
        AssertLayer(usual, "an integer kernel for Add, and what it reads is integer");
        AssertTensor(usual, "of all methods the one with the least error at the outputs of what reads it");
        AssertTensor(usual, "whose values Flatten \"/Flatten\" moves");

        var asked = Report(new QuantizerOptions
        {
            ErrorFeedback = false,
            BiasCorrection = false,
            WeightBits = 7,
            ActivationBits = 16,
            Method = "percentile",
            Parameters = new Dictionary<string, double> { ["percentile"] = 99.5 },
            KeepFloat = ["Gemm"],
            Layers = [LayerSetting.Parse("depthwise: weights=per-tensor weight-bits=8"), LayerSetting.Parse("image: threshold=2"), LayerSetting.Parse("/features/features.0/Conv: method=mse factor=0.9")],
        });
        AssertLayer(asked, "weights of 7 bits as --weight-bits says");
        AssertLayer(asked, "weights of 8 bits as \"depthwise: weight-bits=8 weights=per-tensor\" says; one scale for all weights as \"depthwise");
        AssertLayer(asked, "rounded to the nearest, as --no-error-feedback says");
        AssertLayer(asked, "kept float as asked (\"Gemm\")");
        Assert.DoesNotContain(asked.Layers, l => l.Reason!.Contains("mean shift", StringComparison.Ordinal));
        AssertTensor(asked, "16 bits as --activation-bits says; the threshold of \"image: threshold=2\"");
        AssertTensor(asked, "percentile as --method says, percentile 99.5");
        AssertTensor(asked, "mse as \"/features/features.0/Conv: method=mse factor=0.9\" says, times 0.9 as \"/features");

        var generic = Report(new QuantizerOptions { Target = "generic", Effort = Effort.Fast });
        AssertLayer(generic, "one scale for all weights, since the target has no more; rounded to the nearest, as --effort fast does");
        AssertTensor(generic, "mse, which auto means at --effort fast");

        // Of balanced channels, the methods' ranges are the best already.
        var searched = Report(new QuantizerOptions { Effort = Effort.High, Equalization = RefinementUse.Never });
        AssertTensor(searched, "searched by the error at the network's outputs, as --effort high does");
        if (searched.WeightsInOrder == true)
        {
            AssertLayer(searched, "rounded in order, to make up for the errors before it");
        }

        AssertTensor(Report(new QuantizerOptions { Effort = Effort.Fast, Plan = SavedPlan.Of(Report(new QuantizerOptions { Effort = Effort.Fast })) }), "the plan's (by mse)");

        QuantizationReport Report(QuantizerOptions options)
        {
            var report = Quantize(options, shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 16)).Report;
            Assert.All(report.Layers, l => Assert.False(string.IsNullOrEmpty(l.Reason), l.Name));
            Assert.All(report.Tensors, t => Assert.False(string.IsNullOrEmpty(t.Reason), t.Name));
            return report;
        }

        static void AssertLayer(QuantizationReport report, string reason)
            => Assert.True(report.Layers.Any(l => l.Reason!.Contains(reason, StringComparison.Ordinal)), reason + " is none of\n" + string.Join('\n', report.Layers.Select(l => l.Reason).Distinct()));

        static void AssertTensor(QuantizationReport report, string reason)
            => Assert.True(report.Tensors.Any(t => t.Reason!.Contains(reason, StringComparison.Ordinal)), reason + " is none of\n" + string.Join('\n', report.Tensors.Select(t => t.Reason).Distinct()));
    }

    [Fact]
    public void Quantize_AtEffortFast_MeasuresNoLayer()
    {
        var report = Quantize(new QuantizerOptions { Effort = Effort.Fast }, shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 8)).Report;
        Assert.Null(report.Sqnr);
        Assert.All(report.Layers, l => Assert.Null(l.Sqnr ?? l.Cost));
        Assert.DoesNotContain(report.Phases, p => p.Name == "layers");
    }

    [Fact]
    public void Quantize_WithEveryLayerKeptFloat_GivesTheFloatModel()
    {
        var result = Quantize(new QuantizerOptions { KeepFloat = ["Conv", "Gemm"] }, shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 4));
        Assert.Empty(result.Plan!.WeightedLayers);
        Assert.True(Evaluator.Evaluate(result.Model, shapes.ModelPath, shapes.Open(shapes.TestList, samples: 4)).Outputs[0].Sqnr > 100);
    }

    [Fact]
    public void QuantizeAndAnalyze_AModelThatPutsOutClasses_MeasureTheRightOnes()
    {
        using var folder = new Data.DataFolder();
        var model = Octet.Formats.Onnx.OnnxFormat.Read(shapes.ModelPath);
        var logits = model.Graph.Outputs[0];
        model.Graph.ClearOutputs();
        var classes = model.Graph.Add("ArgMax", [logits], "classes");
        classes.Producer!.SetAttribute("axis", 1);
        classes.Type = new Octet.Graphs.TensorType(Octet.Numerics.ElementType.Int64, null);
        model.Graph.AddOutput(classes);
        string path = folder.PathOf("classes.onnx");
        Octet.Formats.Onnx.OnnxFormat.Write(model, path);

        var samples = shapes.Open(shapes.CalibrationList, samples: 30);
        Assert.True(Quantize(new QuantizerOptions(), path, samples).Report.Sqnr > 10);
        Assert.True(new Analyzer(new QuantizerOptions()).Analyze(path, samples).Sqnr > 10);
    }

    [Fact]
    public void Analyze_AModelWithoutWeights_FindsNothing()
    {
        using var folder = new Data.DataFolder();
        string path = folder.PathOf("relu.onnx");
        Octet.Formats.Onnx.OnnxFormat.Write(TinyModels.Of(3, (graph, x) => [graph.Add("Relu", [x], "y")]), path);
        var report = new Analyzer(new QuantizerOptions()).Analyze(path, TinyModels.Rows([1, 2, 3], [3, 2, 1]));
        Assert.Empty(report.Layers);
        Assert.Empty(report.Diagnoses);
        Assert.Equal(double.PositiveInfinity, report.Sqnr);
    }

    [Fact]
    public void Quantize_OfANetWithOneBadLayer_NamesItInAWarning()
    {
        using var folder = new Data.DataFolder();
        var report = Quantize(new QuantizerOptions { Smoothing = RefinementUse.Never, Splitting = RefinementUse.Never }, UnevenNet.Write(folder), UnevenNet.Samples(64)).Report;
        string warning = Assert.Single(report.Warnings, w => w.StartsWith(ErrorCodes.LayerCostly, StringComparison.Ordinal));
        Assert.Contains("quantizing Gemm \"uneven\" (33.3 % of the multiply-accumulates)", warning, StringComparison.Ordinal);
        Assert.EndsWith("keep it float with --keep-float uneven", warning, StringComparison.Ordinal);

        var patient = Quantize(new QuantizerOptions { Smoothing = RefinementUse.Never, Splitting = RefinementUse.Never, LayerBudget = 100 }, folder.PathOf("uneven.onnx"), UnevenNet.Samples(64)).Report;
        Assert.DoesNotContain(patient.Warnings, w => w.StartsWith(ErrorCodes.LayerCostly, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Effort.Normal)]
    [InlineData(Effort.Fast)]
    public void Quantize_KeepingTheWorstLayerFloat_FindsTheBadOne(Effort effort)
    {
        using var folder = new Data.DataFolder();
        string model = UnevenNet.Write(folder);
        var all = Quantize(new QuantizerOptions { Effort = effort, Smoothing = RefinementUse.Never, Splitting = RefinementUse.Never }, model, UnevenNet.Samples(64));
        var best = Quantize(new QuantizerOptions { Effort = effort, Smoothing = RefinementUse.Never, Splitting = RefinementUse.Never, KeepFloat = ["worst:1"] }, model, UnevenNet.Samples(64));
        var kept = Assert.Single(best.Report.Layers, l => l.Decision == "float" && l.OpType == "Gemm");
        Assert.Equal("uneven", kept.Name);
        Assert.StartsWith("kept float as asked (\"worst:1\"): quantized, it alone makes ", kept.Why, StringComparison.Ordinal);

        double Sqnr(QuantizedModel result) => Evaluator.Evaluate(result.Model, model, UnevenNet.Samples(200)).Outputs[0].Sqnr;
        Assert.True(Sqnr(best) > Sqnr(all) + 3, $"{Sqnr(best)} dB with the layer float, {Sqnr(all)} without");
    }

    [Theory]
    [InlineData("worst:0")]
    [InlineData("worst:")]
    [InlineData("worst:-1")]
    [InlineData("worst:two")]
    public void Quantizer_WithNoNumberOfWorstLayers_IsRefused(string word)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions { KeepFloat = [word] })).Code);

    [Fact]
    public void Quantizer_WithTwoNumbersOfWorstLayers_IsRefused()
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions { KeepFloat = ["worst:1", "worst:2"] })).Code);

    [Fact]
    public void Quantize_KeepingAllLayersFloat_IsRefused()
    {
        using var folder = new Data.DataFolder();
        var error = Assert.Throws<OctetException>(
            () => Quantize(new QuantizerOptions { KeepFloat = ["worst:3"], Effort = Effort.Fast }, UnevenNet.Write(folder), UnevenNet.Samples(8)));
        Assert.Equal(ErrorCodes.InvalidUsage, error.Code);
        Assert.Contains("give at most worst:2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Quantizer_WithABudgetOfNothing_IsRefused(double budget)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions { LayerBudget = budget })).Code);

    private static QuantizedModel Quantize(QuantizerOptions options, string model, ISampleSource samples) => new Quantizer(options).Quantize(model, samples);
}
