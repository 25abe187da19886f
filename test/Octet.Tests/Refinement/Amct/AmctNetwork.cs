using System.Text.Json;
using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement.Amct;

/// <summary>The network that AMCT's recorded runs quantized: Conv, depthwise Conv, ConvTranspose, AveragePool and Gemm, batch normalizations behind the first two.</summary>
internal static class AmctNetwork
{
    /// <summary>The layers, and what they read where nothing is balanced.</summary>
    public static readonly (string Layer, string Input)[] Layers = [("conv1", "x"), ("dw", "relu1"), ("deconv", "relu2"), ("pool", "relu3"), ("fc", "flat")];

    /// <summary>The name of what a layer's quantizer sees: its input, divided by the factors where it is balanced.</summary>
    public static string SeenBy(string layer, bool balanced) => balanced ? layer + "_in" : Layers.Single(l => l.Layer == layer).Input;

    /// <summary>The calibration samples, two images each.</summary>
    public static IReadOnlyList<Sample> Samples(IReadOnlyDictionary<string, Tensor> arrays)
        => [.. Enumerable.Range(0, 3).Select(i => new Sample(i, $"{i}", new Dictionary<string, Tensor> { ["x"] = arrays[$"calib_{i}"] }, null))];

    /// <summary>The network with batch normalizations folded as the settings say, and activations and weights balanced.</summary>
    /// <param name="arrays">Its weights.</param>
    /// <param name="settings">AMCT's own settings.</param>
    /// <param name="balances">What weights are multiplied by and activations divided by, for some layers.</param>
    public static Model Make(IReadOnlyDictionary<string, Tensor> arrays, JsonElement settings, IReadOnlyDictionary<string, float[]> balances)
    {
        var graph = new Graph("amct");
        Value Of(string name) => graph.AddConstant(name, arrays["model:" + name]);
        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(2, 3, 8, 8)));
        var conv = graph.Add("Conv", [Balanced(x, "conv1"), Of("conv1.weight"), Of("conv1.bias")], "conv1_plain");
        conv.Producer!.SetAttribute("pads", new long[] { 1, 1, 1, 1 });
        var relu1 = graph.Add("Relu", [Normalized(conv, "bn1", "conv1")], "relu1");
        var dw = graph.Add("Conv", [Balanced(relu1, "dw"), Of("dw.weight")], "dw_plain");
        dw.Producer!.SetAttribute("group", 8L);
        var relu2 = graph.Add("Relu", [Normalized(dw, "bn2", "dw")], "relu2");
        var deconv = graph.Add("ConvTranspose", [Balanced(relu2, "deconv"), Of("deconv.weight"), Of("deconv.bias")], "deconv");
        deconv.Producer!.SetAttribute("strides", new long[] { 2, 2 });
        var pool = graph.Add("AveragePool", [graph.Add("Relu", [deconv], "relu3")], "pool");
        pool.Producer!.SetAttribute("kernel_shape", new long[] { 2, 2 });
        pool.Producer.SetAttribute("strides", new long[] { 2, 2 });
        var fc = graph.Add("Gemm", [Balanced(graph.Add("Flatten", [pool], "flat"), "fc"), Of("fc.weight"), Of("fc.bias")], "fc");
        fc.Producer!.SetAttribute("transB", 1L);
        graph.AddOutput(fc);

        var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };
        new RewritePipeline([new FoldBatchNormalization(FoldingArithmetic.SingleReciprocal)]).Run(model);
        foreach (var (layer, factors) in balances)
        {
            var node = LayerOf(model, layer);
            var weights = node.Inputs[1]!.Constant!;
            node.Inputs[1]!.SetConstant(Tensor.FromArray(weights.ToFloats().Select((w, i) => w * factors[InputChannel(layer, weights.Shape, i)]).ToArray(), weights.Shape));
        }

        return model;

        Value Balanced(Value value, string layer)
        {
            if (!balances.TryGetValue(layer, out float[]? factors))
            {
                return value;
            }

            var shape = layer == "fc" ? new Shape(1, factors.Length) : new Shape(1, factors.Length, 1, 1);
            return graph.Add("Mul", [value, graph.AddConstant(layer + "_balance", Tensor.FromArray(factors.Select(f => 1 / f).ToArray(), shape))], SeenBy(layer, balanced: true));
        }

        // Through an Identity parameters are no constants, so that nothing is folded.
        Value Normalized(Value value, string norm, string layer)
        {
            bool folds = settings.Truth("do_fusion") && !settings.Texts("skip_fusion_layers").Contains(layer);
            var factor = Of(norm + ".weight");
            return graph.Add(
                "BatchNormalization",
                [value, folds ? factor : graph.Add("Identity", [factor], norm + "_kept"), Of(norm + ".bias"), Of(norm + ".running_mean"), Of(norm + ".running_var")],
                layer);
        }
    }

    /// <summary>The node of a layer: folded ones put out what their normalization did.</summary>
    public static Node LayerOf(Model model, string layer) => (model.Graph.Find(layer + "_plain") ?? model.Graph.Find(layer))!.Producer!;

    /// <summary>The largest weight that reads each input channel of a layer.</summary>
    public static float[] LargestOfInputs(Model model, string layer, int channels)
    {
        var weights = LayerOf(model, layer).Inputs[1]!.Constant!;
        var largest = new float[channels];
        foreach (var (weight, i) in weights.ToFloats().Select((w, i) => (Math.Abs(w), i)))
        {
            ref float of = ref largest[InputChannel(layer, weights.Shape, i)];
            of = Math.Max(of, weight);
        }

        return largest;
    }

    // Transposed and depthwise weights have input channels first, the others second.
    private static int InputChannel(string layer, Shape shape, int index)
    {
        int axis = layer is "deconv" or "dw" ? 0 : 1;
        long inner = shape.Dimensions.Skip(axis + 1).Aggregate(1L, (product, d) => product * d);
        return (int)(index / inner % shape[axis]);
    }
}
