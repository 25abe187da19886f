using System.IO.Compression;
using Octet.Data;
using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Tests.Analysis.Causes;

/// <summary>Networks of the shared data that quantize well, with calibration samples.</summary>
internal static class CleanModels
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mnist/lenet_bn.onnx", "cifar10/resnet8_bn.onnx", "mlperf_tiny/kws_dscnn_bn.onnx", "imagenet/mobilenet_v2_bn.onnx"];

    /// <summary>Calibration samples for one of them.</summary>
    public static ISampleSource Samples(string name) => name.Split('/')[0] switch
    {
        "mnist" => Pictures("mnist/png_calib", name, "raw", 64),
        "imagenet" => Pictures("imagenet/calibration", name, "imagenet", 40),
        "cifar10" => Arrays(Cifar(100)),
        _ => Keywords(0, 100),
    };

    /// <summary>Rows of the keyword spotter's evaluation data: features as 8-bit integers of a known scale, as the benchmark's authors ship them, [n, time, coefficient, 1].</summary>
    public static ISampleSource Keywords(int first, int count)
    {
        const int Values = 490;
        var all = NpyReader.Open(SharedData.PathOf("mlperf_tiny/kws01_test_mfcc_i8.npy")).ReadAll();
        sbyte[] values = all.AsSpan<sbyte>().ToArray();
        return Arrays(Enumerable.Range(first, count).Select(i => Tensor.FromArray([.. values.Skip(i * Values).Take(Values).Select(v => (v - 83) * 0.5847029f)], new Shape(1, 1, 49, 10))));
    }

    private static ISampleSource Pictures(string folder, string model, string recipe, int count) => SampleSources.Open(
        SharedData.PathOf(folder),
        ModelInputs.Of(Octet.Formats.Onnx.OnnxFormat.Read(SharedData.PathOf(model)).Graph),
        new SampleOptions { Preprocess = Preprocess.Parse(recipe), Samples = count });

    private static ISampleSource Arrays(IEnumerable<Tensor> rows)
        => SampleSources.FromMemory(rows.Select((r, i) => new Sample(i, $"row {i}", new Dictionary<string, Tensor> { [string.Empty] = r }, null)));

    private static IEnumerable<Tensor> Cifar(int count)
    {
        const int Pixels = 3072;
        using var file = new GZipStream(File.OpenRead(SharedData.PathOf("cifar10/cifar10_calib500.bin.gz")), CompressionMode.Decompress);
        var record = new byte[Pixels + 1];
        for (int i = 0; i < count; i++)
        {
            file.ReadExactly(record);
            yield return Tensor.FromArray([.. record.Skip(1).Select(b => (float)b)], new Shape(1, 3, 32, 32));
        }
    }
}
