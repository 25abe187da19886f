using System.Text.Json;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Refinement;
using Octet.Rewrites;
using Octet.Tests.Dialects.Ppq;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement;

/// <summary>PPQ 0.6.6's LayerwiseEqualizationPass on four networks.</summary>
public sealed class LayerwiseEqualizationTests
{
    private const string Variants = "ppq/cle.json";
    private const int ActivationBatches = 18;

    private static readonly Dictionary<string, string> Models = new(StringComparer.Ordinal)
    {
        ["lenet_bn"] = "mnist/lenet_bn.onnx",
        ["lenet_fused"] = "mnist/lenet_fused.onnx",
        ["kws_dscnn_bn"] = "mlperf_tiny/kws_dscnn_bn.onnx",
        ["resnet8_bn"] = "cifar10/resnet8_bn.onnx",
    };

    [GoldenFact(Variants)]
    public void Pairs_OfAllVariants_ArePpqs()
    {
        int compared = 0;
        foreach (var variant in GoldenJson.Cases(Variants, "variants").Where(v => File.Exists(SharedData.PathOf(Models[v.Text("model")]))))
        {
            var graph = Read(variant).Graph;
            string[] expected = [.. variant.GetProperty("pairs").EnumerateArray().Select(p => Line(p.Texts("upstream"), p.Texts("downstream"))).Order(StringComparer.Ordinal)];
            string[] actual = [.. EqualizationPair.Find(graph, variant.GetProperty("options").Integer("optimize_level"))
                .Select(p => Line(p.Upstream.Select(n => n.DisplayName), p.Downstream.Select(n => n.DisplayName))).Order(StringComparer.Ordinal)];
            Assert.Equal(expected, actual);
            compared++;
        }

        Assert.True(compared >= 16, $"only {compared} variants were compared");
    }

    [GoldenFact(Variants, "ppq/cle_lenet_bn.npz", "ppq/cle_lenet_fused.npz", PpqLeNet.Digits)]
    public void Weights_OfTheLeNets_ArePpqsWithinOneMillionth()
    {
        int compared = 0;
        foreach (var variant in GoldenJson.Cases(Variants, "variants").Where(v => v.Text("model").StartsWith("lenet", StringComparison.Ordinal)))
        {
            var golden = GoldenFile.Arrays($"ppq/cle_{variant.Text("model")}.npz");
            var model = Read(variant);
            var options = variant.GetProperty("options");
            bool Is(string name) => options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
            var samples = PpqLeNet.Training(ActivationBatches);
            new LayerwiseEqualization(options.Integer("optimize_level"), options.Integer("iterations"), options.GetProperty("weight_threshold").GetDouble())
            {
                BiasShare = Is("including_bias") ? 0.5 : null,
                ActivationShare = Is("including_act") ? 0.5 : null,
            }.Run(model, [.. Enumerable.Range(0, ActivationBatches).Select(samples.Load)], workers: 2);
            foreach (string changed in variant.Texts("changed"))
            {
                string[] parts = changed.Split('|');
                var node = model.Graph.Nodes.Single(n => n.DisplayName == parts[0]);
                float[] expected = golden[$"{variant.Text("variant")}|{changed}"];
                float[] actual = node.Inputs[parts[1].EndsWith("bias", StringComparison.Ordinal) ? 2 : 1]!.Constant!.ToFloats();
                double largest = expected.Max(v => Math.Abs(v));
                Assert.All(expected.Zip(actual), p => Assert.True(Math.Abs(p.First - p.Second) <= 1e-6 * Math.Max(Math.Abs(p.First), largest * 1e-3), $"{variant.Text("model")} {variant.Text("variant")} {changed}: {p.Second:R} instead of {p.First:R}"));
                compared++;
            }
        }

        Assert.Equal(80, compared);
    }

    private static string Line(IEnumerable<string> upstream, IEnumerable<string> downstream)
        => $"{string.Join(' ', upstream.Order(StringComparer.Ordinal))} > {string.Join(' ', downstream.Order(StringComparer.Ordinal))}";

    private static Model Read(JsonElement variant)
    {
        var model = OnnxFormat.Read(SharedData.PathOf(Models[variant.Text("model")]));
        RewritePipeline.SimplifyInSingle.Run(model);
        return model;
    }
}
