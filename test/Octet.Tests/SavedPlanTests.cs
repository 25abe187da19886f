using Octet.Formats.Onnx;

namespace Octet.Tests;

public sealed class SavedPlanTests
{
    [Theory]
    [InlineData(Effort.Fast)]
    [InlineData(Effort.Normal)]
    [InlineData(Effort.High)]
    public void Quantize_WithItsOwnPlan_GivesTheSameBytes(Effort effort)
    {
        using var sample = new ShapesSample();
        var options = new QuantizerOptions { Effort = effort };
        var first = Quantize(sample, options);
        var again = Quantize(sample, options with { Plan = SavedPlan.Of(first.Report) });

        Assert.Equal(OnnxFormat.ToBytes(first.Model), OnnxFormat.ToBytes(again.Model));
        Assert.Equal(first.Report.Tensors.Select(t => t with { Reason = null }), again.Report.Tensors.Select(t => t with { Reason = null }));
        Assert.DoesNotContain(again.Report.Phases, p => p.Name == "search");
    }

    [Fact]
    public void Quantize_WithAnEditedPlan_TakesItsRanges()
    {
        using var sample = new ShapesSample();
        var options = new QuantizerOptions { Effort = Effort.Fast };
        var report = Quantize(sample, options).Report;
        var edited = report.Tensors.Select((t, i) => i == 1 ? t with { Scale = 2 * t.Scale } : t).ToArray();

        var result = Quantize(sample, options with { Plan = SavedPlan.Of(report) with { Tensors = edited } });

        Assert.Equal(edited[1].Scale, result.Report.Tensors[1].Scale);
        Assert.NotEqual(report.Tensors[1].Scale, result.Report.Tensors[1].Scale);
        Assert.Equal(edited[1].Scale, result.Plan!.ParamsOf(edited[1].Name).Scale);
    }

    [Fact]
    public void Quantize_WithAStrangersPlan_SaysWhatDoesNotFit()
    {
        using var sample = new ShapesSample();
        var options = new QuantizerOptions { Effort = Effort.Fast };
        var plan = SavedPlan.Of(Quantize(sample, options).Report);

        Assert.Equal(ErrorCodes.PlanStranger, CodeOf(() => Quantize(sample, options with { Plan = plan with { Tensors = [.. plan.Tensors.Skip(1)] } })));
        Assert.Equal(ErrorCodes.PlanStranger, CodeOf(() => Quantize(sample, options with { Plan = plan with { Tensors = [.. plan.Tensors.Select(t => t with { Scale = float.NaN })] } })));
        Assert.Equal(ErrorCodes.PlanStranger, CodeOf(() => Quantize(sample, options with { Plan = plan with { Tensors = [.. plan.Tensors.Select(t => t with { ZeroPoint = 256 })] } })));
        Assert.Equal(ErrorCodes.PlanStranger, CodeOf(() => Quantize(sample, options with { Plan = plan, Target = "generic" })));
        Assert.Equal(ErrorCodes.InvalidUsage, CodeOf(() => Quantize(sample, options with { Plan = plan, KeepFloat = ["worst:1"] })));
        Assert.Equal(ErrorCodes.InvalidUsage, CodeOf(() => Quantize(sample, new QuantizerOptions { Plan = plan, Mode = QuantizationMode.Dynamic })));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"quantization":{"version":"1","mode":"static","target":"generic","tensors":[]}}""")]
    [InlineData("""{"quantization":{"version":"1","mode":"static","target":"generic","tensors":[{"name":"x","scale":"wide","zeroPoint":0,"min":0,"max":1,"method":null}]}}""")]
    public void Read_OfWhatIsNoReport_SaysSo(string? text)
    {
        using var folder = new TemporaryFolder();
        if (text is not null)
        {
            File.WriteAllText(folder["plan.json"], text);
        }

        Assert.Equal(ErrorCodes.PlanMalformed, CodeOf(() => SavedPlan.Read(folder["plan.json"])));
    }

    private static QuantizedModel Quantize(ShapesSample sample, QuantizerOptions options)
        => new Quantizer(options).Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 24));

    private static string CodeOf(Action action) => Assert.Throws<OctetException>(action).Code;
}
