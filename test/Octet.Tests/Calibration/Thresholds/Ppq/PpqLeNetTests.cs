using System.Text.Json;
using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Calibration.Thresholds.Ppq;

/// <summary>
/// PPQ's runs on the LeNet from beginning to end: our weights' scales, our float runs with the weights so rounded (PPQ observes so), our
/// statistics and thresholds. Powers of two must be PPQ's, other scales within 10^−6.
/// </summary>
public sealed class PpqLeNetTests(ITestOutputHelper output)
{
    private const string Runs = "ppq/golden_ppq_lenet.json";
    private const string Digits = "ppq/train256_u8.npz";
    private const string Model = "mnist/lenet_bn.onnx";

    private static readonly string[] Algorithms = ["minmax", "percentile", "kl", "mse", "isotone"];

    private static readonly Dictionary<string, string> Observed = new()
    {
        ["/bn1/BatchNormalization_output_0"] = "/relu1/Relu_output_0",
        ["/pool1/MaxPool_output_0"] = "/relu1/Relu_output_0",
        ["/bn2/BatchNormalization_output_0"] = "/relu2/Relu_output_0",
        ["/pool2/MaxPool_output_0"] = "/relu2/Relu_output_0",
        ["/bn3/BatchNormalization_output_0"] = "/relu3/Relu_output_0",
        ["/pool3/MaxPool_output_0"] = "/relu3/Relu_output_0",
        ["/Flatten_output_0"] = "/relu3/Relu_output_0",
    };

    [GoldenFact(Runs, Digits, "../data/" + Model)]
    public void AllRuns_EndToEnd_GivePpqsScales()
    {
        int runs = 0;
        int scales = 0;
        var worked = GoldenJson.Cases(Runs, "runs").Where(r => r.TryGetProperty("activations", out var a) && a.ValueKind == JsonValueKind.Object);
        foreach (var group in worked.GroupBy(r => (Platform: r.Text("platform"), Data: r.Text("dataset"), Parameters: r.GetProperty("parameter_algorithm").GetString())))
        {
            bool powerOfTwo = group.Key.Platform == "FPGA_INT8";
            var model = Folded();
            var weights = RoundWeights(model.Graph, group.Key.Platform, group.Key.Parameters);
            var statistics = Sweep(model, group.Key.Data == "train64" ? 64 : 256);
            foreach (var run in group)
            {
                string id = run.Text("id");
                foreach (var parameter in run.GetProperty("parameters").EnumerateObject().Where(p => weights.ContainsKey(p.Name)))
                {
                    var scale = parameter.Value.GetProperty("scale");
                    float[] expected = scale.ValueKind == JsonValueKind.Array ? [.. scale.EnumerateArray().Select(s => s.GetSingle())] : [scale.GetSingle()];
                    Assert.Equal(expected.Length, weights[parameter.Name].Length);
                    scales += expected.Zip(weights[parameter.Name], (a, b) => Check(a, b, powerOfTwo, $"{id} {parameter.Name}")).Count();
                }

                string method = MethodOf(run.Text("activation_algorithm"));
                bool exact = powerOfTwo && method != "isotone";
                foreach (var activation in run.GetProperty("activations").EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.Object))
                {
                    var tensor = statistics[Observed.GetValueOrDefault(activation.Name, activation.Name)];
                    float scale = Solve(method, tensor, QuantType.Int8, powerOfTwo);
                    scales += Check(activation.Value.GetProperty("scale").GetSingle(), scale, exact, $"{id} {activation.Name}");
                }

                runs++;
            }
        }

        output.WriteLine($"{scales} scales of {runs} runs compared");
        Assert.True(runs >= 35, $"only {runs} runs where 35 are known");
    }

    private static int Check(float expected, float actual, bool exact, string what)
    {
        Assert.True(exact ? expected == actual : Math.Abs(expected - actual) <= 1e-6 * expected, $"{what}: {expected:R} {actual:R}");
        return 1;
    }

    private static string MethodOf(string algorithm) => algorithm == "isotone" ? "isotone" : "ppq-" + algorithm;

    private static float Solve(string method, TensorStatistics statistics, QuantType type, bool powerOfTwo)
    {
        var named = ThresholdMethods.Find(method);
        var parameters = method == "isotone" ? [] : new Dictionary<string, double> { ["power_of_two"] = powerOfTwo ? 1 : 0 };
        return named.Compute(statistics, type, symmetric: true, new ThresholdSettings(named, parameters)).ToQuantParams(type, symmetric: true).Scale;
    }

    /// <summary>The LeNet with its batch normalizations folded in 32-bit floats, as PPQ folds them: a last bit decides how ±127.5 steps round.</summary>
    private static Model Folded()
    {
        var raw = OnnxFormat.Read(SharedData.PathOf(Model));
        var constants = raw.Graph.Constants.ToDictionary(c => c.Name, c => c.Constant!, StringComparer.Ordinal);
        float[] Of(string name) => constants[name].ToFloats();
        RewritePipeline.Simplify.Run(raw);
        for (int layer = 1; layer <= 3; layer++)
        {
            var node = Layer(raw.Graph, $"/conv{layer}/Conv");
            float[] scale = [.. Of($"bn{layer}.weight").Zip(Of($"bn{layer}.running_var"), (g, v) => g / MathF.Sqrt(v + 1e-5f))];
            float[] weight = Of($"conv{layer}.weight");
            int each = weight.Length / scale.Length;
            node.Inputs[1]!.SetConstant(Tensor.FromArray(weight.Select((w, i) => w * scale[i / each]).ToArray(), node.Inputs[1]!.Constant!.Shape));
            var (bias, mean, shift) = (Of($"conv{layer}.bias"), Of($"bn{layer}.running_mean"), Of($"bn{layer}.bias"));
            node.Inputs[2]!.SetConstant(Tensor.FromArray(bias.Select((b, i) => scale[i] * (b - mean[i]) + shift[i]).ToArray(), new Shape(bias.Length)));
        }

        return raw;
    }

    private static Node Layer(Graph graph, string name) => graph.Nodes.Single(n => n.DisplayName == name || n.Source.Contains(name));

    /// <summary>Rounds the weights as the platform does, and tells their scales by PPQ's names.</summary>
    private static Dictionary<string, float[]> RoundWeights(Graph graph, string platform, string? algorithm)
    {
        bool isFpga = platform == "FPGA_INT8";
        var scales = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (string name in isFpga ? ["/conv1/Conv", "/conv2/Conv", "/conv3/Conv"] : (string[])["/conv1/Conv", "/conv2/Conv", "/conv3/Conv", "/fc1/Gemm"])
        {
            var value = Layer(graph, name).Inputs[1]!;
            float[] weights = value.Constant!.ToFloats();
            float[][] channels = isFpga ? [weights] : [.. weights.Chunk(weights.Length / (int)value.Constant.Shape[0])];
            string method = MethodOf(algorithm ?? (isFpga ? "percentile" : "minmax"));
            float[] solved = [.. channels.Select(c => ThresholdRuns.Run(method, [c], QuantType.Int8, true, ("power_of_two", isFpga ? 1 : 0)).Params!.Scale)];
            value.SetConstant(Tensor.FromArray(channels.SelectMany((c, i) => c.Select(w => Math.Clamp(MathF.Round(w / solved[i]), -128, 127) * solved[i])).ToArray(), value.Constant.Shape));
            scales[name == "/fc1/Gemm" ? "fc1.weight" : name + "_weight"] = solved;
        }

        return scales;
    }

    private static IReadOnlyDictionary<string, TensorStatistics> Sweep(Model model, int count)
    {
        float[] digits = GoldenFile.Arrays(Digits)["images"];
        const int size = 28 * 28;
        var samples = SampleSources.FromMemory(Enumerable.Range(0, count).Select(i => new Sample(
            i, $"{i}", new Dictionary<string, Tensor> { [""] = Tensor.FromArray(digits[(i * size)..((i + 1) * size)], new Shape(1, 1, 28, 28)) }, null)));
        var needs = Algorithms.Select(a => ThresholdMethods.Find(MethodOf(a))).SelectMany(m => m.Needs(QuantType.Int8, true, new ThresholdSettings(m))).Distinct();
        return CalibrationSweep.Run(
            model, samples, new SweepRequest { Tensors = ["input", "/relu1/Relu_output_0", "/relu2/Relu_output_0", "/relu3/Relu_output_0", "output"], Needs = [.. needs] }, workers: 2).Tensors;
    }
}
