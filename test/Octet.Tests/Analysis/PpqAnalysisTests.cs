using System.Globalization;
using System.Text.Json;
using Octet.Analysis;
using Octet.Calibration;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;
using Octet.Tests.Golden;

namespace Octet.Tests.Analysis;

/// <summary>The measures of error against those that PPQ 0.6.6 printed for its own quantizations of LeNet, simulated here with the scales that it recorded.</summary>
public sealed class PpqAnalysisTests
{
    private const string Needs = "../golden/ppq/error_analyse.json";
    private const int Fetched = 4096;
    private static readonly string[] Operators = ["/conv1/Conv", "/conv2/Conv", "/conv3/Conv", "/fc1/Gemm"];

    public static TheoryData<string> Runs => [.. new[] { "FPGA_INT8", "TRT_INT8", "PPL_CUDA_INT8" }.SelectMany(p => new[] { "minmax", "percentile", "kl" }.Select(m => $"{p} {m}"))];

    [SharedTheory(Needs)]
    [MemberData(nameof(Runs))]
    public void Measures_OfPpqsRun_AreThoseItRecorded(string name)
    {
        var (platform, method) = (name.Split(' ')[0], name.Split(' ')[1]);
        var golden = GoldenFile.Json("ppq/error_analyse.json").GetProperty("runs").EnumerateArray()
            .Single(r => r.GetProperty("platform").GetString() == platform && r.GetProperty("activation_algorithm").GetString() == method);
        var run = GoldenFile.Json("ppq/golden_ppq_lenet.json").GetProperty("runs").EnumerateArray()
            .Single(r => r.GetProperty("id").GetString() == $"{platform}/train64/{method}" && r.GetProperty("parameter_algorithm").ValueKind == JsonValueKind.Null);
        var model = OnnxFormat.Read(SharedData.PathOf("mnist/lenet_bn.onnx"));
        RewritePipeline.Simplify.Run(model);
        var nodes = Operators.ToDictionary(o => o, o => model.Graph.Nodes.Single(n => n.DisplayName == o || n.Source.Contains(o)).Output.Name, StringComparer.Ordinal);
        string output = model.Graph.Outputs[0].Name;
        var samples = Samples(model);
        var weights = Weights(platform);
        var quantized = Quantized(model, run, Operators, weights);
        string[] layers = [.. Operators.Where(o => golden.GetProperty("graphwise_snr").TryGetProperty(o, out _))];
        foreach (string layer in layers)
        {
            string tensor = nodes[layer];
            var accumulated = Compare(model, quantized, tensor, samples, sampled: true);
            var alone = Compare(model, Quantized(model, run, [layer], weights), output, samples, sampled: false);
            AssertNear(golden, "graphwise", layer, accumulated);
            AssertNear(golden, "layerwise", layer, alone);
        }

        Assert.Equal(platform == "FPGA_INT8" ? 3 : 4, layers.Length);
    }

    private static void AssertNear(JsonElement golden, string kind, string layer, ErrorMeasures measures)
    {
        double Of(string measure) => golden.GetProperty($"{kind}_{measure}").GetProperty(layer).GetDouble();
        AssertRelative(Of("snr"), measures.NoiseRatio, $"{kind} snr {layer}");
        AssertRelative(Of("mse"), measures.Mse, $"{kind} mse {layer}");
        AssertRelative(Of("cosine"), measures.Cosine, $"{kind} cosine {layer}");
    }

    private static void AssertRelative(double expected, double actual, string what)
        => Assert.True(Math.Abs(actual - expected) <= 1e-5 * Math.Abs(expected), string.Create(CultureInfo.InvariantCulture, $"{what}: {actual} instead of {expected}"));

    private static ErrorMeasures Compare(Model model, Model quantized, string tensor, Sample[] samples, bool sampled)
    {
        using var reference = ObservedSession.Open(model, [tensor]);
        using var tested = ObservedSession.Open(quantized, [tensor]);
        return ErrorMeasures.Of([.. samples.Select(s =>
        {
            using var expected = reference.Run(s.Inputs, [tensor]);
            using var actual = tested.Run(s.Inputs, [tensor]);
            return sampled ? ErrorSums.Of(Fetch(expected.Span<float>(0)), Fetch(actual.Span<float>(0))) : ErrorSums.Of(expected.Span<float>(0), actual.Span<float>(0));
        })]);
    }

    // The positions that PPQ draws, with replacement (utils/fetch.py).
    private static float[] Fetch(ReadOnlySpan<float> values)
    {
        uint seed = 10086;
        var fetched = new float[Fetched];
        for (int i = 0; i < Fetched; i++)
        {
            fetched[i] = values[(int)(seed % values.Length)];
            seed = unchecked((214013 * seed) + 2531011);
        }

        return fetched;
    }

    // The model with the recorded scales of some operators: parameters rounded, activations through Q/DQ.
    private static Model Quantized(Model model, JsonElement run, string[] operators, Dictionary<string, float[]> weights)
    {
        var copy = model.Clone();
        var scales = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var config in run.GetProperty("configs").EnumerateArray().Where(c => c.TryGetProperty("variable", out _) && Belongs(c, operators)))
        {
            string variable = config.GetProperty("variable").GetString()!;
            string role = config.GetProperty("role").GetString()!;
            string state = config.GetProperty("state").GetString()!;
            if (role == "parameter" && state is "BAKED" or "PASSIVE_BAKED")
            {
                Round(copy.Graph, config, weights);
            }
            else if (state == "ACTIVATED")
            {
                scales.TryAdd(variable, config.GetProperty("scale").GetSingle());
            }
        }

        foreach (var (name, scale) in scales)
        {
            var value = copy.Graph.Find(name)!;
            var readers = value.Uses.ToArray();
            Value[] scheme = [copy.Graph.AddConstant(name + "_s", Tensor.Scalar(scale)), copy.Graph.AddConstant(name + "_z", IntegerTensor.Pack([0], QuantType.Int8, default))];
            bool isOutput = value.IsOutput;
            var before = readers.Length > 0 ? readers[0].Node : null;
            var pair = copy.Graph.Add("DequantizeLinear", [copy.Graph.Add("QuantizeLinear", [value, .. scheme], name + "_q", before: before), .. scheme], name + "_dq", before: before);
            foreach (var use in readers)
            {
                use.Node.SetInput(use.Index, pair);
            }

            if (isOutput)
            {
                copy.Graph.ReplaceOutput(value, pair);
                copy.Graph.Rename(value, name + "_float");
                copy.Graph.Rename(pair, name);
            }
        }

        return copy;
    }

    private static bool Belongs(JsonElement config, string[] operators)
    {
        string op = config.GetProperty("op").GetString()!;
        return operators.Length == Operators.Length || operators.Contains(op);
    }

    // Weights at ±127.5 steps round by the last bit of the folded weights: those that PPQ recorded are taken as they are.
    private static Dictionary<string, float[]> Weights(string platform)
    {
        string prefix = $"{(platform == "FPGA_INT8" ? platform : "TRT_INT8")}|minmax|param|";
        return GoldenFile.Arrays("ppq/golden_ppq_lenet_sim.npz").Where(a => a.Key.StartsWith(prefix, StringComparison.Ordinal) && a.Key.EndsWith("eight", StringComparison.Ordinal))
            .ToDictionary(a => a.Key[prefix.Length..], a => a.Value, StringComparer.Ordinal);
    }

    private static void Round(Graph graph, JsonElement config, Dictionary<string, float[]> weights)
    {
        string op = config.GetProperty("op").GetString()!;
        int index = config.GetProperty("index").GetInt32();
        var value = graph.Nodes.Single(n => n.DisplayName == op || n.Source.Contains(op)).Inputs[index]!;
        if (weights.GetValueOrDefault($"{op}|{config.GetProperty("variable").GetString()}") is { } baked)
        {
            value.SetConstant(Tensor.FromArray(baked, value.Constant!.Shape));
            return;
        }

        var scale = config.GetProperty("scale");
        float[] scales = scale.ValueKind == JsonValueKind.Array ? [.. scale.EnumerateArray().Select(s => s.GetSingle())] : [scale.GetSingle()];
        double low = config.GetProperty("quant_min").GetDouble();
        double high = config.GetProperty("quant_max").GetDouble();
        float[] values = value.Constant!.ToFloats();
        int inner = values.Length / scales.Length;
        value.SetConstant(Tensor.FromArray(values.Select((v, i) => (float)(Math.Clamp(MathF.Round(v / scales[i / inner]), low, high) * scales[i / inner])).ToArray(), value.Constant.Shape));
    }

    private static Sample[] Samples(Model model)
    {
        var source = SampleSources.Open(SharedData.PathOf("mnist/png_calib"), ModelInputs.Of(model.Graph), new SampleOptions { Preprocess = Preprocess.Parse("raw"), Samples = 64 });
        return [.. Enumerable.Range(0, source.Count).Select(source.Load)];
    }
}
