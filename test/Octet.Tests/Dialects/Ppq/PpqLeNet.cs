using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>The LeNet of the golden numbers and its data.</summary>
internal static class PpqLeNet
{
    /// <summary>The images of calibration, relative to the golden numbers.</summary>
    public const string Digits = "ppq/train256_u8.npz";

    /// <summary>The model, relative to the golden numbers.</summary>
    public const string Model = "../data/mnist/lenet_bn.onnx";

    private const int Size = 28 * 28;
    private static readonly Lazy<float[]> Images = new(() => GoldenFile.Arrays(Digits)["images"]);

    /// <summary>The model as it was read.</summary>
    public static Model Read() => OnnxFormat.Read(GoldenFile.PathOf(Model));

    /// <summary>The first training images, one a batch.</summary>
    public static ISampleSource Training(int count) => SampleSources.FromMemory(Enumerable.Range(0, count).Select(i => new Sample(
        i, $"{i}", new Dictionary<string, Tensor> { ["input"] = Tensor.FromArray(Images.Value[(i * Size)..((i + 1) * Size)], new Shape(1, 1, 28, 28)) }, null)));

    /// <summary>Quantizes as PPQ did for the golden numbers: no equalization, no training.</summary>
    public static PpqGraph Quantize(string platform, string activations, string? parameters = null, int count = 64)
    {
        var setting = new QuantizationSetting
        {
            QuantizeActivationSetting = new() { CalibAlgorithm = activations },
            QuantizeParameterSetting = new() { CalibAlgorithm = parameters },
        };
        return new PpqQuantizer(TargetPlatform.Find(platform), setting).Quantize(Read(), Training(count), count, threads: 2);
    }
}
