using System.Text.Json;
using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>PPQ 0.6.6's quantizations of the LeNet, from the model as it was trained to scales, rounded parameters and simulated outputs.</summary>
public sealed class PpqQuantizerTests(ITestOutputHelper output)
{
    private const string Runs = "ppq/golden_ppq_lenet.json";
    private const string Simulations = "ppq/golden_ppq_lenet_sim.npz";
    private const string Images = "../data/mnist/t10k-images-idx3-ubyte.gz";

    [GoldenFact(Runs, PpqLeNet.Digits, PpqLeNet.Model)]
    public void Configs_OfAllRuns_ArePpqs()
    {
        int configs = 0;
        int runs = 0;
        foreach (var run in GoldenJson.Cases(Runs, "runs").Where(r => r.TryGetProperty("activations", out var a) && a.ValueKind == JsonValueKind.Object))
        {
            string id = run.Text("id");
            string platform = run.Text("platform");
            string activations = run.Text("activation_algorithm");
            var graph = PpqLeNet.Quantize(platform, activations, run.GetProperty("parameter_algorithm").GetString(), run.Integer("n"));
            var expected = run.GetProperty("configs").EnumerateArray().Where(c => c.TryGetProperty("variable", out _)).ToArray();
            Assert.Equal(expected.Select(Key).Order(StringComparer.Ordinal), graph.Configs.Select(c => $"{c.Operation} {c.Variable}").Order(StringComparer.Ordinal));
            foreach (var config in expected)
            {
                var actual = graph.Configs.Single(c => $"{c.Operation} {c.Variable}" == Key(config));
                Assert.True(SameState(config.Text("state"), actual.State), $"{id} {Key(config)}: {actual.State}");
                if (actual.State == QuantizationStates.Fp32)
                {
                    continue;
                }

                var scale = config.GetProperty("scale");
                float[] scales = scale.ValueKind == JsonValueKind.Array ? [.. scale.EnumerateArray().Select(s => s.GetSingle())] : [scale.GetSingle()];
                Assert.Equal(scales.Length, actual.Scales.Count);
                bool exact = platform == "FPGA_INT8" && activations != "isotone";
                Assert.All(scales.Zip(actual.Scales), p => Assert.True(exact ? p.First == p.Second : Math.Abs(p.First - p.Second) <= 1e-6 * p.First, $"{id} {Key(config)}: {p.Second:R} instead of {p.First:R}"));
                Assert.Equal((config.Integer("bits"), config.GetProperty("quant_min").GetDouble(), config.GetProperty("quant_max").GetDouble()), (actual.Bits, actual.QuantMin, actual.QuantMax));
                configs++;
            }

            runs++;
        }

        output.WriteLine($"{configs} configurations of {runs} runs compared");
        Assert.True(runs >= 35, $"only {runs} runs where 35 are known");
    }

    [GoldenTheory(Simulations, PpqLeNet.Digits, PpqLeNet.Model, Images)]
    [InlineData("FPGA_INT8", "minmax", 0)]
    [InlineData("FPGA_INT8", "percentile", 0)]
    [InlineData("TRT_INT8", "minmax", 2e-6)]
    [InlineData("TRT_INT8", "percentile", 2e-6)]
    public void Simulation_GivesPpqsParametersAndTensors(string platform, string activations, double tolerance)
    {
        string prefix = $"{platform}|{activations}|";
        var golden = GoldenFile.Arrays(Simulations).Where(a => a.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(a => a.Key[prefix.Length..], a => a.Value, StringComparer.Ordinal);
        var graph = PpqLeNet.Quantize(platform, activations);
        var baked = graph.Baked().Graph;
        foreach (var (name, values) in golden.Where(g => g.Key.StartsWith("param|", StringComparison.Ordinal)))
        {
            // Scales that are no powers of two differ in the last bit.
            Same(values, baked.Find(name.Split('|')[2])!.Constant!.ToFloats(), tolerance == 0 ? 0 : 1.2e-7, name);
        }

        string[] tensors = [.. golden.Keys.Where(k => k.StartsWith("img0|", StringComparison.Ordinal)).Select(k => k["img0|".Length..])];
        Assert.Equal(11, tensors.Length);
        using var executor = new PpqExecutor(graph, tensors);
        var images = SampleSources.Open(GoldenFile.PathOf(Images), ModelInputs.Of(graph.Float.Graph), new SampleOptions { Preprocess = Preprocess.Parse("raw"), Samples = 100 });
        var logits = new List<float>();
        for (int i = 0; i < 100; i++)
        {
            var values = executor.Forward(images.Load(i).Inputs);
            logits.AddRange(values[Array.IndexOf(tensors, "output")].ToFloats());
            for (int t = 0; i < 2 && t < tensors.Length; t++)
            {
                // What stands behind the float Gemm is summed up in another order than PPQ's.
                Same(golden[$"img{i}|{tensors[t]}"], values[t].ToFloats(), tensors[t] == "output" ? 2e-6 : tolerance, $"image {i}, {tensors[t]}");
            }
        }

        Same(golden["logits100"], [.. logits], 2e-6, "logits");
    }

    private static string Key(JsonElement config) => $"{config.Text("op")} {config.Text("variable")}";

    private static bool SameState(string golden, QuantizationStates state) => golden == state switch
    {
        QuantizationStates.Fp32 => "FP32",
        QuantizationStates.Activated => "ACTIVATED",
        QuantizationStates.Overlapped => "OVERLAPPED",
        QuantizationStates.Baked => "BAKED",
        _ => "PASSIVE_BAKED",
    };

    private static void Same(float[] expected, float[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double most = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
        Assert.True(most <= tolerance * Math.Max(1, expected.Max(Math.Abs)), $"{what}: differs by {most}");
    }
}
