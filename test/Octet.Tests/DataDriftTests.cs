using System.Text.Json;
using Octet.Analysis;
using Octet.Numerics;
using Octet.Tests.Cli;
using Octet.Tests.Planning;

namespace Octet.Tests;

public sealed class DataDriftTests(ShapesSample shapes) : IClassFixture<ShapesSample>, IDisposable
{
    private const string Dark = "rgb,scale=.7/255,mean=.42:.40:.38,std=.25:.22:.20";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Measure_OnTheTestSamples_FindsThemAlike_AndDarkerOnesUnlikeAtTheInput()
    {
        var calibration = shapes.Open(shapes.CalibrationList);
        var plan = new Quantizer(new QuantizerOptions { Effort = Effort.Fast }).Quantize(shapes.ModelPath, calibration).Plan!;
        var alike = DataDrift.Measure(shapes.ModelPath, plan, calibration, shapes.Open(shapes.TestList), 2);
        Assert.NotEmpty(alike);
        Assert.All(alike, d => Assert.False(d.Differs, d.ToString()));

        var unlike = DataDrift.Measure(shapes.ModelPath, plan, calibration, shapes.Open(shapes.TestList, Dark), 2);
        var input = unlike.Single(d => d.Name == "image");
        Assert.True(input.Differs && input.Distance > 5 * input.Usual, input.ToString());
        Assert.Equal(unlike.AsEnumerable(), DataDrift.Measure(shapes.ModelPath, plan, calibration, shapes.Open(shapes.TestList, Dark), 1));
    }

    [Fact]
    public void Measure_OnTooFewSamplesToTell_RaisesNoAlarm()
    {
        var calibration = shapes.Open(shapes.CalibrationList);
        var plan = new Quantizer(new QuantizerOptions { Effort = Effort.Fast }).Quantize(shapes.ModelPath, calibration).Plan!;
        Assert.All(DataDrift.Measure(shapes.ModelPath, plan, calibration, shapes.Open(shapes.TestList, Dark, samples: 3), 2), d => Assert.False(d.Differs));
    }

    [Fact]
    public void Analyze_WithDarkerEvaluationSamples_WarnsAndNamesTheInput_AndWithLikeOnesDoesNot()
    {
        AnalysisReport Analyze(string recipe)
            => new Analyzer(new QuantizerOptions { Effort = Effort.Fast }).Analyze(shapes.ModelPath, shapes.Open(shapes.CalibrationList), shapes.Open(shapes.TestList, recipe, samples: 100));
        string warning = Assert.Single(Analyze(Dark).Warnings, w => w.StartsWith(ErrorCodes.DataUnlike, StringComparison.Ordinal));
        Assert.Matches("unlike the calibration samples at [0-9]+ of [0-9]+ tensors, most at .*\"image\"", warning);
        Assert.DoesNotContain(Analyze(ShapesSample.Recipe).Warnings, w => w.StartsWith(ErrorCodes.DataUnlike, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Command_WithShiftedEvaluationSamples_WarnsAndTellsEveryTensorAsJson(bool fromStatistics)
    {
        var model = RangeModels.Outlier();
        RangeModels.Write(model, folder.Path, samples: 64);
        Rows("like.npy", seed: 8, shift: 0);
        Rows("shifted.npy", seed: 9, shift: 0.4f);
        string[] calibrated = ["--data", "x.npy", "--effort", "fast"];
        if (fromStatistics)
        {
            (await OctetTool.Run(folder.Path, "calibrate", "model.onnx", "--data", "x.npy", "-o", "x.octs")).Succeeded();
            calibrated = ["--statistics", "x.octs", "--method", "max"];
        }

        string[] words = ["quantize", "model.onnx", .. calibrated, "-o", "out.onnx", "--json", "out.json", "--evaluate"];
        Assert.DoesNotContain(ErrorCodes.DataUnlike, (await OctetTool.Run(folder.Path, [.. words, "like.npy"])).Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal(0, Unlike());
        Assert.Contains($"warning {ErrorCodes.DataUnlike}: the evaluation samples are unlike", (await OctetTool.Run(folder.Path, [.. words, "shifted.npy"])).Succeeded().Error, StringComparison.Ordinal);
        Assert.True(Unlike() > 0);
    }

    private int Unlike()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(folder["out.json"]));
        var drift = json.RootElement.GetProperty("drift");
        Assert.True(drift.GetArrayLength() > 0);
        return drift.EnumerateArray().Count(d => d.GetProperty("differs").GetBoolean());
    }

    private void Rows(string name, int seed, float shift)
    {
        var random = new Random(seed);
        var shape = new Shape(60, 3, 12, 12);
        using var stream = File.Create(folder[name]);
        Octet.Data.Arrays.NpyWriter.Write(stream, Tensor.FromArray([.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextSingle() + shift)], shape));
    }
}
