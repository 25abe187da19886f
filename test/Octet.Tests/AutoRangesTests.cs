using Octet.Analysis;
using Octet.Data;
using Octet.Tests.Analysis;
using Octet.Tests.Analysis.Causes;

namespace Octet.Tests;

/// <summary>Method auto against single methods, on samples that it has not seen.</summary>
public sealed class AutoRangesTests
{
    private static readonly string[] Singles = ["max", "mse", "percentile", "ifmr", "kl", "hfmg"];

    [SharedFact("mnist")]
    public void Auto_OnLeNet_IsAsGoodAsTheBestSingleMethod()
    {
        string model = SharedData.PathOf("mnist/lenet_bn.onnx");
        ISampleSource Images(string folder, int count) => SampleSources.Open(
            SharedData.PathOf(folder), TinyModels.InputsOf(model), new SampleOptions { Preprocess = Preprocess.Parse("raw"), Samples = count });
        AssertBest(model, Images("mnist/png_calib", 64), Images("mnist/png_test", 500));
    }

    [SharedFact("mlperf_tiny")]
    public void Auto_OnKeywordSpotting_IsAsGoodAsTheBestSingleMethod()
        => AssertBest(SharedData.PathOf("mlperf_tiny/kws_dscnn_bn.onnx"), CleanModels.Keywords(0, 64), CleanModels.Keywords(100, 900));

    // Where single outliers lie far beyond all other values, a clipped range is better for every tensor: which one, the network's outputs tell. Balanced channels have fewer.
    [SharedFact("imagenet")]
    public void Auto_OnMobileNet_TakesOneMethodForAllTensorsAndSaysSo()
    {
        var report = Quantize(SharedData.PathOf("imagenet/mobilenet_v2_bn.onnx"), CleanModels.Samples("imagenet/mobilenet_v2_bn.onnx"), "auto", RefinementUse.Never).Report;
        string method = Assert.Single(report.Tensors.Select(t => t.Method).OfType<string>().Distinct());
        Assert.Contains(method, (string[])["moving-average", "percentile"]);
        Assert.Contains(report.Tensors, t => t.Reason!.StartsWith($"{method}, which for all activations at once gives less error at the network's outputs", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Tensors, t => t.Reason!.Contains("of what reads it", StringComparison.Ordinal));
    }

    private static void AssertBest(string model, ISampleSource calibration, ISampleSource test)
    {
        double SqnrOf(string method) => Evaluator.Evaluate(Quantize(model, calibration, method).Model, model, test).Outputs[0].Sqnr;
        double auto = SqnrOf("auto");
        Assert.All(Singles, single => Assert.InRange(auto, SqnrOf(single) - 0.2, double.PositiveInfinity));
    }

    private static QuantizedModel Quantize(string model, ISampleSource samples, string method, RefinementUse equalization = RefinementUse.Auto)
        => new Quantizer(new QuantizerOptions { Method = method, Equalization = equalization }).Quantize(model, samples);
}
