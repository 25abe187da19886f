namespace Octet.Tests;

/// <summary>What <see cref="QuantizerOptions.Layers"/> does to a quantization.</summary>
public sealed class LayerSettingsTests(ShapesSample shapes) : IClassFixture<ShapesSample>
{
    private QuantizationReport? plain;

    private QuantizationReport Plain => plain ??= Quantize().Report;

    [Fact]
    public void Threshold_SetsTheRangeOutright()
    {
        string layer = Weighted(Plain)[2].Name;
        var tensor = TensorOf(Quantize($"{layer}: threshold=2.55").Report, $"{layer}: threshold=2.55");
        Assert.Equal(0.01f, tensor.Scale);
        Assert.Null(tensor.Method);
    }

    [Fact]
    public void Factor_MultipliesTheComputedScale()
    {
        string setting = $"{Weighted(Plain)[2].Name}: factor=0.5";
        var tensor = TensorOf(Quantize(setting).Report, setting);
        Assert.Equal(Plain.Tensors.Single(t => t.Name == tensor.Name).Scale / 2, tensor.Scale);
    }

    [Fact]
    public void Method_HoldsForThatLayerOnly()
    {
        string setting = $"{Weighted(Plain)[2].Name}: method=ifmr";
        var report = Quantize(setting).Report;
        var tensor = TensorOf(report, setting);
        Assert.Equal("ifmr", tensor.Method);
        Assert.All(report.Tensors.Where(t => t != tensor), t => Assert.Equal(Plain.Tensors.Single(p => p.Name == t.Name).Scale, t.Scale));
        Assert.Contains("by ifmr", Assert.Single(report.Choices).Decided, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodMax_IsTheMeasuredMaximum()
    {
        string setting = $"{Weighted(Plain)[2].Name}: method=max";
        var tensor = TensorOf(Quantize(setting).Report, setting);
        Assert.Equal((tensor.Max!.Value - Math.Min(0, tensor.Min!.Value)) / 255, tensor.Scale, 1e-6f);
    }

    [Fact]
    public void WeightsAndBits_AreThoseAskedFor()
    {
        string layer = Weighted(Plain)[1].Name;
        var result = Quantize("Conv: weights=per-tensor", $"{layer}: weight-bits=6");
        var plan = result.Plan!.WeightedLayers.ToArray();
        Assert.All(plan, l => Assert.Equal(l.OpType != "Conv", l.PerChannelWeights));
        Assert.Equal(6, plan.Single(l => l.Name == layer).WeightType!.Value.Bits);
        Assert.Contains(result.Report.Choices, c => c.Layer == layer && c.Decided.Contains("int6, per tensor", StringComparison.Ordinal));
        Assert.All(result.Plan.WeightedLayers.Where(l => l.Name != layer), l => Assert.Equal(8, l.WeightType!.Value.Bits));
    }

    [Fact]
    public void Float_KeepsALayerFloatAndSaysWhy()
    {
        string layer = Weighted(Plain)[1].Name;
        var kept = Quantize($"{layer}: float").Report.Layers.Single(l => l.Name == layer);
        Assert.Equal("float", kept.Decision);
        Assert.Contains($"{layer}: float", kept.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void LaterSettings_WinOverEarlierOnes()
    {
        string layer = Weighted(Plain)[2].Name;
        var report = Quantize("Conv: method=max", $"{layer}: threshold=2.55").Report;
        Assert.Equal(0.01f, TensorOf(report, $"{layer}: threshold=2.55").Scale);
        Assert.Contains(report.Tensors, t => t is { Method: "max", Why: "Conv: method=max" });
    }

    [Theory]
    [InlineData("convolution: method=max")]
    [InlineData("Conv: method=maximum")]
    public void UnknownNames_AreTold(string setting)
        => Assert.Equal(ErrorCodes.UnknownName, Assert.Throws<OctetException>(() => Quantize(setting)).Code);

    [Fact]
    public void ModesWithoutCalibration_RefuseThem()
    {
        var options = new QuantizerOptions { Mode = QuantizationMode.Dynamic, Layers = [LayerSetting.Parse("Conv: float")] };
        Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => new Quantizer(options)).Code);
    }

    private static LayerReport[] Weighted(QuantizationReport report) => [.. report.Layers.Where(l => l.OpType == "Conv" && l.Decision == "quantized")];

    private static TensorReport TensorOf(QuantizationReport report, string setting) => Assert.Single(report.Tensors, t => t.Why == setting);

    private QuantizedModel Quantize(params string[] settings) => new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Method = "mse", Layers = [.. settings.Select(LayerSetting.Parse)] })
        .Quantize(shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 8));
}
