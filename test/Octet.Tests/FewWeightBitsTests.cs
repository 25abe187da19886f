using Octet.Data;
using Octet.Numerics;

namespace Octet.Tests;

public sealed class FewWeightBitsTests
{
    // ONNX Runtime refuses what it makes itself of signed activations at the operator set of 4 bits.
    [SharedTheory("mnist")]
    [InlineData("generic")]
    [InlineData("fpga-int8")]
    [InlineData("onnxruntime-s8s8")]
    public void Quantize_ToFourBits_WithSignedActivations_IsMeasured(string target)
    {
        var random = new Random(1);
        Sample[] samples = [.. Enumerable.Range(0, 8).Select(i => new Sample(i, "made", new Dictionary<string, Tensor>
        {
            ["input"] = Tensor.FromArray([.. Enumerable.Range(0, 28 * 28).Select(_ => random.NextSingle())], new Shape(1, 1, 28, 28)),
        }, null))];
        var report = new Quantizer(new QuantizerOptions { Target = target, WeightBits = 4, Threads = 2 }).Quantize(SharedData.PathOf("mnist/lenet_bn.onnx"), SampleSources.FromMemory(samples)).Report;
        Assert.True(report.Sqnr is > 5 and < 60, $"{report.Sqnr}");
    }
}
