using System.Text.Json;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Refinement.MindSpore;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement.MindSpore;

/// <summary>The layers that MindSpore Lite's own code balanced (golden/mindspore, topic 6, square roots of 32-bit floats), bit for bit; and which layers make a chain.</summary>
public sealed class MindSporeEqualizationTests
{
    private const string Cases = "mindspore/t6_bias_cle.json";
    private const string Arrays = "mindspore/t6_bias_cle.npz";

    [GoldenFact(Cases, Arrays)]
    public void Weights_AreMindSpores()
    {
        var arrays = GoldenFile.Arrays(Arrays);
        int compared = 0;

        // Of two layers release builds take roots of floats; three layers have no roots in doubles, whatever their cases are called.
        foreach (var item in GoldenJson.Cases(Cases).Where(c => c.Text("case") is var name && (name.StartsWith("cle3", StringComparison.Ordinal) || name.EndsWith("sqrt_float", StringComparison.Ordinal))))
        {
            var layers = item.GetProperty("dims").EnumerateArray().Select(d => d.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToArray();
            var graph = new Graph("chain");
            var value = graph.AddInput("x", null);
            Node[] nodes = [.. layers.Select((dims, i) =>
            {
                Value? bias = arrays.TryGetValue($"{item.Text("inputs")}__b{i + 1}", out float[]? b) ? graph.AddConstant($"b{i + 1}", Tensor.FromArray(b, new Shape(b.Length))) : null;
                var node = Convolution(graph, value, $"y{i + 1}", ChannelsFirst(arrays[$"{item.Text("inputs")}__w{i + 1}"], dims), bias, layers.Length == 3 && i == 1 ? dims[0] : 1);
                value = graph.Add("Relu", [node.Output], $"z{i + 1}");
                return node;
            })];
            graph.AddOutput(value);

            Assert.Equal(nodes, Assert.Single(MindSporeEqualization.Run(graph)).AsEnumerable());
            for (int i = 0; i < nodes.Length; i++)
            {
                Assert.Equal(ChannelsFirst(arrays[Key(item, $"w{i + 1}_after")], layers[i]).ToFloats(), nodes[i].Inputs[1]!.Constant!.ToFloats());
                compared++;
                if (item.TryGetProperty($"b{i + 1}_after", out _))
                {
                    Assert.Equal(arrays[Key(item, $"b{i + 1}_after")], nodes[i].Inputs[2]!.Constant!.ToFloats());
                    compared++;
                }
            }
        }

        Assert.Equal(18, compared);
    }

    [GoldenFact(Cases, Arrays)]
    public void Factors_AreMindSpores()
    {
        var arrays = GoldenFile.Arrays(Arrays);
        foreach (var item in GoldenJson.Cases(Cases).Where(c => c.Text("case").EndsWith("sqrt_float", StringComparison.Ordinal)))
        {
            var dims = item.GetProperty("dims").EnumerateArray().Select(d => d.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToArray();
            float[] first = [.. arrays[item.Text("inputs") + "__w1"].Chunk(dims[0][1..].Aggregate((a, b) => a * b)).Select(c => c.Max(MathF.Abs))];
            float[] second = [.. arrays[item.Text("inputs") + "__w2"].Select((v, i) => (v, Channel: i % dims[1][3])).GroupBy(v => v.Channel, v => MathF.Abs(v.v)).Select(g => g.Max())];
            Assert.Equal(arrays[Key(item, "scales")], MindSporeEqualization.Factors(first, second));
        }
    }

    [Fact]
    public void ChainsThatBranch_OrCrossOtherOperators_AreLeft()
    {
        var graph = new Graph("chain");
        var x = graph.AddInput("x", null);
        var one = Convolution(graph, x, "one", Tensor.FromArray([1f, -2, 3, 4], new Shape(2, 2, 1, 1)), null, 1);
        var two = Convolution(graph, graph.Add("LeakyRelu", [one.Output], "leaky"), "two", Tensor.FromArray([1f, -2, 3, 4], new Shape(2, 2, 1, 1)), null, 1);
        var three = Convolution(graph, two.Output, "three", Tensor.FromArray([8f, -2, 3, 4], new Shape(2, 2, 1, 1)), null, 1);
        var four = Convolution(graph, three.Output, "four", Tensor.FromArray([1f, 2], new Shape(2, 1, 1, 1)), null, 2);
        graph.AddOutput(graph.Add("Add", [four.Output, three.Output], "sum"));
        Assert.Equal([two, three], Assert.Single(MindSporeEqualization.Run(graph)).AsEnumerable());
        Assert.Equal([1f, -2, 3, 4], one.Inputs[1]!.Constant!.ToFloats());
        Assert.Equal([1f, 2], four.Inputs[1]!.Constant!.ToFloats());
        Assert.NotEqual([1f, -2, 3, 4], two.Inputs[1]!.Constant!.ToFloats());
    }

    private static Node Convolution(Graph graph, Value input, string name, Tensor weights, Value? bias, int groups)
    {
        var value = graph.Add("Conv", [input, graph.AddConstant(name + "_w", weights), .. bias is null ? (Value?[])[] : [bias]], name);
        value.Producer!.SetAttribute("group", (long)groups);
        return value.Producer;
    }

    // MindSpore's filters are outputs × height × width × inputs.
    private static Tensor ChannelsFirst(float[] values, int[] dims)
    {
        int inputs = dims[3];
        int area = dims[1] * dims[2];
        var moved = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            moved[(((i / (area * inputs) * inputs) + (i % inputs)) * area) + (i / inputs % area)] = values[i];
        }

        return Tensor.FromArray(moved, new Shape(dims[0], inputs, dims[1], dims[2]));
    }

    private static string Key(JsonElement item, string name) => item.Text(name).Replace("/", "__", StringComparison.Ordinal);
}
