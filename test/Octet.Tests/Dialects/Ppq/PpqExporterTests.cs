using System.Text.Json;
using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Exports;
using Octet.Formats.Onnx;
using Octet.Inference;
using Octet.Numerics;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>The files of PPQ 0.6.6's exporters. Two of its three networks were quantized as Octet quantizes; of the third, which was trained, the form is compared.</summary>
public sealed class PpqExporterTests
{
    private const string Exports = "ppq/export/exports.json";
    private const string Cuda = "ppq/export/PPL_CUDA_INT8_percentile/";
    private const string Fpga = "ppq/export/FPGA_INT8_percentile_eq_lsq500/";

    [GoldenTheory(Exports, PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("PPL_CUDA_INT8", Cuda + "PPL_CUDA_INT8/lenet.json")]
    [InlineData("TRT_INT8", Cuda + "TRT_INT8/lenet.json")]
    [InlineData("MNN_INT8", Cuda + "MNN_INT8/lenet.json")]
    public void Json_OfTheUntrainedNetwork_IsPpqs(string form, string golden)
    {
        using var folder = new TemporaryFolder();
        PpqExporter.Export(PpqLeNet.Quantize("PPL_CUDA_INT8", "percentile"), form, folder["lenet.onnx"]);
        AssertSame(Parse(File.ReadAllText(GoldenFile.PathOf(golden))), Parse(File.ReadAllText(folder["lenet.json"])), form, withValues: true);
    }

    [GoldenTheory(Exports, PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("ONNX", "lenet.json")]
    [InlineData("RKNN_INT8", "lenet.json")]
    [InlineData("QNN_DSP_INT8", "lenet.json")]
    [InlineData("TRT_INT8", "lenet.json")]
    [InlineData("MNN_INT8", "lenet.json")]
    public void Json_OfTheTrainedNetwork_HasPpqsForm(string form, string file)
    {
        using var folder = new TemporaryFolder();
        PpqExporter.Export(PpqLeNet.Quantize("FPGA_INT8", "percentile"), form, folder["lenet.onnx"]);
        AssertSame(Parse(File.ReadAllText(GoldenFile.PathOf(Fpga + form + "/" + file))), Parse(File.ReadAllText(folder[file])), form, withValues: false);
    }

    [GoldenFact(Exports, PpqLeNet.Digits, PpqLeNet.Model)]
    public void Weights_ForTensorRt_ArePpqs()
    {
        using var folder = new TemporaryFolder();
        PpqExporter.Export(PpqLeNet.Quantize("PPL_CUDA_INT8", "percentile"), "TRT_INT8", folder["lenet.onnx"]);
        string[] expected = File.ReadAllLines(GoldenFile.PathOf(Cuda + "TRT_INT8/quantized.wts"));
        string[] actual = File.ReadAllLines(folder["quantized.wts"]);
        Assert.Equal(expected[0], actual[0]);
        var golden = expected.Skip(1).ToDictionary(l => l.Split(' ')[0], l => l.Split(' '), StringComparer.Ordinal);
        foreach (string[] line in actual.Skip(1).Select(l => l.Split(' ')))
        {
            string[] of = golden[line[0]];
            Assert.Equal(of[1], line[1]);
            Assert.All(of.Skip(2).Zip(line.Skip(2)), p => Assert.True(Math.Abs(Real(p.First) - Real(p.Second)) <= 3e-7 * Math.Abs(Real(p.First)), $"{line[0]}: {p}"));
        }
    }

    [GoldenFact(Exports, PpqLeNet.Digits, PpqLeNet.Model)]
    public void Scales_ForTengine_HavePpqsForm()
    {
        using var folder = new TemporaryFolder();
        PpqExporter.Export(PpqLeNet.Quantize("FPGA_INT8", "percentile"), "TENGINE_INT8", folder["lenet.onnx"]);
        Assert.Equal(Names(GoldenFile.PathOf(Fpga + "TENGINE_INT8/lenet.scale")), Names(folder["lenet.scale"]));
        Assert.Contains("input 2.0 0", File.ReadAllLines(folder["lenet.scale"]));
        var error = Assert.Throws<OctetException>(() => PpqExporter.Export(PpqLeNet.Quantize("TRT_INT8", "percentile"), "TENGINE_INT8", folder["trt.onnx"]));
        Assert.Equal(ErrorCodes.DialectUnsupported, error.Code);
        Assert.False(File.Exists(folder["trt.onnx"]));

        static string[] Names(string path) => [.. File.ReadAllLines(path).Select(l => l.Split(' ')[0]).Order(StringComparer.Ordinal)];
    }

    [GoldenFact(Exports, PpqLeNet.Digits, PpqLeNet.Model)]
    public void NxpModel_HasFloatWeights_AndPpqsRanges()
    {
        using var folder = new TemporaryFolder();
        var graph = PpqLeNet.Quantize("FPGA_INT8", "percentile");
        PpqExporter.Export(graph, "NXP_INT8", folder["lenet.onnx"]);
        var expected = OnnxFormat.Read(GoldenFile.PathOf(Fpga + "NXP_INT8/lenet.onnx")).Graph;
        var actual = OnnxFormat.Read(folder["lenet.onnx"]).Graph;
        Assert.Equal(expected.Inputs.Select(i => i.Name).Order(StringComparer.Ordinal), actual.Inputs.Select(i => i.Name).Order(StringComparer.Ordinal));
        Assert.Equal((-256f, 254f), (Scalar("input_min"), Scalar("input_max")));
        Assert.Equal((-4f, 3.96875f), (Scalar("/relu2/Relu_output_0_min"), Scalar("/relu2/Relu_output_0_max")));
        Assert.Equal(expected.Constants.Select(c => $"{c.Name} {c.Constant}").Order(StringComparer.Ordinal), actual.Constants.Select(c => $"{c.Name} {c.Constant}").Order(StringComparer.Ordinal));
        _ = new FloatSession(File.ReadAllBytes(folder["lenet.onnx"]));

        float Scalar(string name) => actual.Find(name)!.Constant!.ToFloats()[0];
    }

    [GoldenTheory(Exports, PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("FPGA_INT8", PpqMeaning.Simulation, 3)]
    [InlineData("TRT_INT8", PpqMeaning.Simulation, 0)]
    [InlineData("TRT_INT8", PpqMeaning.Integer, 4)]
    [InlineData("PPL_CUDA_INT8", PpqMeaning.Simulation, 4)]
    public void OnnxRuntimeModel_IsValid_WithIntegersToSee(string platform, PpqMeaning meaning, int integerBiases)
    {
        using var folder = new TemporaryFolder();
        var graph = PpqLeNet.Quantize(platform, "percentile");
        PpqExporter.Export(graph, "ONNXRUNTIME", folder["lenet.onnx"], meaning);
        var constants = OnnxFormat.Read(folder["lenet.onnx"]).Graph.Constants.Select(c => c.Constant!).ToArray();
        Assert.Equal(platform == "FPGA_INT8" ? 3 : 4, constants.Count(c => c.Type == ElementType.Int8 && c.Shape.Rank > 1));
        Assert.Equal(integerBiases, constants.Count(c => c.Type == ElementType.Int32 && c.Shape.Rank == 1 && c.Shape.Count > 1 && c.ToInt64s().Any(v => v != 0)));

        var samples = PpqLeNet.Training(16);
        using var executor = new PpqExecutor(graph);
        using var session = new FloatSession(File.ReadAllBytes(folder["lenet.onnx"]), new FloatSessionOptions { IntegerKernels = false });
        for (int i = 0; i < samples.Count; i++)
        {
            using var outputs = session.Run(samples.Load(i).Inputs);
            float[] expected = executor.Forward(samples.Load(i).Inputs)[0].ToFloats();
            float[] actual = outputs.ToTensor(0).ToFloats();
            Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(actual, actual.Max()));
            Assert.All(expected.Zip(actual), p => Assert.True(Math.Abs(p.First - p.Second) <= (meaning == PpqMeaning.Simulation ? 1e-5 : 0.3), $"{p}"));
        }
    }

    private static float Real(string bits) => BitConverter.UInt32BitsToSingle(Convert.ToUInt32(bits, 16));

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    // Numbers of configurations change from run to run in PPQ.
    private static void AssertSame(JsonElement expected, JsonElement actual, string place, bool withValues)
    {
        Assert.True(expected.ValueKind == actual.ValueKind || (IsTruth(expected) && IsTruth(actual)), place);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object when place.EndsWith("/values", StringComparison.Ordinal):
                Assert.Equal(expected.EnumerateObject().Count(), actual.EnumerateObject().Count());
                break;
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), actual.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
                foreach (var property in expected.EnumerateObject().Where(p => p.Name is not ("hash" or "dominator")))
                {
                    AssertSame(property.Value, actual.GetProperty(property.Name), $"{place}/{property.Name}", withValues || property.Name is "bit_width" or "quant_min" or "quant_max" or "state" or "policy" or "bitwidth" or "offset");
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                Assert.All(expected.EnumerateArray().Zip(actual.EnumerateArray()), p => AssertSame(p.First, p.Second, place, withValues));
                break;
            case JsonValueKind.Number when withValues:
                Assert.True(Math.Abs(expected.GetDouble() - actual.GetDouble()) <= 1e-6 * Math.Abs(expected.GetDouble()), $"{place}: {actual} instead of {expected}");
                break;
            case JsonValueKind.String or JsonValueKind.True or JsonValueKind.False when withValues:
                Assert.Equal(expected.ToString(), actual.ToString());
                break;
        }

        static bool IsTruth(JsonElement e) => e.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }
}
