using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Planning;

/// <summary>Networks whose tensors hold parts of very unlike ranges, and samples for them.</summary>
internal static class RangeModels
{
    private const int Size = 12;
    private const int Channels = 6;
    private const int Boxes = 4;

    /// <summary>A backbone of one convolution, then coordinates from 0 to some 640 and scores from 0 to 1, joined by a Concat.</summary>
    /// <param name="size">How large coordinates are; 40 for some 640.</param>
    public static Model Detector(float size = 40) => Of((graph, features) =>
    {
        var boxes = graph.Add("Relu", [Conv(graph, features, "boxes", Boxes, size)], "boxes_relu");
        var scores = graph.Add("Sigmoid", [Conv(graph, features, "scores", 2, 0.5f)], "scores_sigmoid");
        var all = graph.Add("Concat", [boxes, scores], "all");
        all.Producer!.SetAttribute("axis", 1);
        return all;
    });

    /// <summary>The same with one convolution that gives both.</summary>
    public static Model DetectorOfOneLayer(float size = 40) => Of((graph, features) =>
    {
        var head = Conv(graph, features, "head", Boxes + 2, 1);
        float[] weights = head.Producer!.Inputs[1]!.Constant!.ToFloats();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= i < Boxes * Channels * 9 ? size : 0.05f;
        }

        head.Producer.Inputs[1]!.SetConstant(Tensor.FromArray(weights, new Shape(Boxes + 2, Channels, 3, 3)));
        return head;
    });

    /// <summary>The same detector with a further convolution that reads the joined tensor, so that even a runtime with a float tail has it as integers.</summary>
    public static Model DetectorWithReader(float size = 40) => Of((graph, features) =>
    {
        var boxes = graph.Add("Relu", [Conv(graph, features, "boxes", Boxes, size)], "boxes_relu");
        var scores = graph.Add("Sigmoid", [Conv(graph, features, "scores", 2, 0.5f)], "scores_sigmoid");
        var all = graph.Add("Concat", [boxes, scores], "all");
        all.Producer!.SetAttribute("axis", 1);
        var last = Conv(graph, all, "last", 3, 1, Boxes + 2);
        graph.AddOutput(last);
        return all;
    });

    /// <summary>Where picks coordinates or scores, and a convolution reads what it picked.</summary>
    public static Model Picked() => Of((graph, features) =>
    {
        var boxes = graph.Add("Relu", [Conv(graph, features, "boxes", Boxes, 40)], "boxes_relu");
        var scores = graph.Add("Sigmoid", [Conv(graph, features, "scores", Boxes, 0.5f)], "scores_sigmoid");
        bool[] left = [.. Enumerable.Range(0, Size).Select(i => i < Size / 2)];
        var picked = graph.Add("Where", [graph.AddConstant("left", Tensor.FromArray(left, new Shape(Size))), boxes, scores], "picked");
        return Conv(graph, picked, "last", 3, 1, Boxes);
    });

    /// <summary>The lesser of coordinates, scores and a constant beyond both, and a convolution that reads it.</summary>
    public static Model Least() => Of((graph, features) =>
    {
        var boxes = graph.Add("Relu", [Conv(graph, features, "boxes", Boxes, 40)], "boxes_relu");
        var scores = graph.Add("Sigmoid", [Conv(graph, features, "scores", Boxes, 0.5f)], "scores_sigmoid");
        return Conv(graph, graph.Add("Min", [boxes, scores, graph.AddConstant("most", Tensor.Scalar(1e9f))], "least"), "last", 3, 1, Boxes);
    });

    /// <summary>The greater of values and the least float, as exporters write masks, and a convolution that reads it.</summary>
    public static Model AboveAll() => Of((graph, features) => Conv(
        graph, graph.Add("Max", [Conv(graph, features, "scores", Boxes, 0.5f), graph.AddConstant("bottom", Tensor.Scalar(float.MinValue))], "above"), "last", 3, 1, Boxes));

    /// <summary>Two convolutions with a Relu between; the first makes one channel a hundred times as large, and the second makes up for it.</summary>
    public static Model Outlier()
    {
        const int Large = 2;
        var model = Of((graph, features) => Conv(graph, features, "last", 4, 1));
        foreach (var (name, factor) in new[] { ("backbone", 100f), ("last", 0.01f) })
        {
            var weights = model.Graph.Find(name + "_w")!;
            float[] values = weights.Constant!.ToFloats();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= (name == "backbone" ? i / 27 : i / 9 % Channels) == Large ? factor : 1;
            }

            weights.SetConstant(Tensor.FromArray(values, weights.Constant.Shape));
        }

        return model;
    }

    /// <summary>Attention scores up to some 8 to which a mask of 0 and −10000 is added, a softmax, and a product with weights behind it.</summary>
    public static Model Masked()
    {
        var graph = new Graph("masked");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(Size, null)]));
        var mask = graph.AddConstant("mask", Tensor.FromArray([.. Enumerable.Range(0, Size).Select(i => i % 3 == 2 ? -10000f : 0)], new Shape(1, Size)));

        // Without something between, the mask would become the product's bias.
        var scores = graph.Add("Relu", [Product(graph, x, "scores", 8, 1)], "scores_relu");
        var masked = graph.Add("Add", [scores, mask], "masked");
        masked.Producer!.Name = "masked";
        var share = graph.Add("Softmax", [masked], "share");
        graph.AddOutput(Product(graph, share, "values", 1, 2));
        return new Model(graph) { Opsets = { [string.Empty] = 13 } };
    }

    /// <summary>Writes a model, with a number of samples as <c>x.npy</c> beside it.</summary>
    public static string Write(Model model, string folder, int samples = 24)
    {
        string path = Path.Combine(folder, "model.onnx");
        OnnxFormat.Write(model, path);
        var random = new Random(3);
        foreach (var input in model.Graph.Inputs)
        {
            long[] shape = [samples, .. input.TensorType!.Dimensions!.Value.Skip(1).Select(d => d.Size!.Value)];
            float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => random.NextSingle())];
            using var stream = File.Create(Path.Combine(folder, input.Name + ".npy"));
            Octet.Data.Arrays.NpyWriter.Write(stream, Tensor.FromArray(values, new Shape(shape)));
        }

        return path;
    }

    /// <summary>What <c>--data</c> says for such a folder.</summary>
    public static string Data(Model model, string folder) => string.Join(',', model.Graph.Inputs.Select(i => $"{i.Name}={Path.Combine(folder, i.Name + ".npy")}"));

    private static Model Of(Func<Graph, Value, Value> head)
    {
        var graph = new Graph("detector");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(3, null), new Dimension(Size, null), new Dimension(Size, null)]));
        var features = graph.Add("Relu", [Conv(graph, x, "backbone", Channels, 1, 3)], "features");
        graph.AddOutput(head(graph, features));
        return new Model(graph) { Opsets = { [string.Empty] = 13 } };
    }

    private static Value Conv(Graph graph, Value x, string name, int outputs, float scale, int inputs = Channels)
    {
        var random = new Random(name.Length);
        float[] weights = [.. Enumerable.Range(0, outputs * inputs * 9).Select(_ => scale * (random.NextSingle() - (name == "scores" ? 0.5f : 0.35f)))];
        var output = graph.Add("Conv", [x, graph.AddConstant(name + "_w", Tensor.FromArray(weights, new Shape(outputs, inputs, 3, 3)))], name + "_sum");
        output.Producer!.Name = name;
        output.Producer.SetAttribute("pads", new AttributeValue.Ints([1, 1, 1, 1]));
        return output;
    }

    private static Value Product(Graph graph, Value x, string name, float scale, int seed)
    {
        var random = new Random(seed);
        float[] weights = [.. Enumerable.Range(0, Size * Size).Select(_ => scale * (random.NextSingle() - 0.5f))];
        var output = graph.Add("MatMul", [x, graph.AddConstant(name + "_w", Tensor.FromArray(weights, new Shape(Size, Size)))], name + "_sum");
        output.Producer!.Name = name;
        return output;
    }
}
