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
        var report = Quantize(new QuantizerOptions(), UnevenNet.Write(folder), UnevenNet.Samples(64)).Report;
        string warning = Assert.Single(report.Warnings, w => w.StartsWith(ErrorCodes.LayerCostly, StringComparison.Ordinal));
        Assert.Contains("quantizing Gemm \"uneven\" (33.3 % of the multiply-accumulates)", warning, StringComparison.Ordinal);
        Assert.EndsWith("keep it float with --keep-float uneven", warning, StringComparison.Ordinal);

        var patient = Quantize(new QuantizerOptions { LayerBudget = 100 }, folder.PathOf("uneven.onnx"), UnevenNet.Samples(64)).Report;
        Assert.DoesNotContain(patient.Warnings, w => w.StartsWith(ErrorCodes.LayerCostly, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Effort.Normal)]
    [InlineData(Effort.Fast)]
    public void Quantize_KeepingTheWorstLayerFloat_FindsTheBadOne(Effort effort)
    {
        using var folder = new Data.DataFolder();
        string model = UnevenNet.Write(folder);
        var all = Quantize(new QuantizerOptions { Effort = effort }, model, UnevenNet.Samples(64));
        var best = Quantize(new QuantizerOptions { Effort = effort, KeepFloat = ["worst:1"] }, model, UnevenNet.Samples(64));
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
