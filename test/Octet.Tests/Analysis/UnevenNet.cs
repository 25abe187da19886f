using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Analysis;

/// <summary>
/// Three Gemm layers with Relu between. The second reads one value a thousand times as large as the others and makes up for it in its weights, so
/// that eight bits cannot hold its input; the others are harmless.
/// </summary>
internal static class UnevenNet
{
    private const int Width = 8;

    /// <summary>Writes the model into a folder; the layers are <c>first</c>, <c>uneven</c> and <c>last</c>.</summary>
    public static string Write(Data.DataFolder folder)
    {
        var random = new Random(11);
        var model = TinyModels.Of(Width, (graph, x) =>
        {
            var first = Layer(graph, x, "first", (i, o) => i == o ? (o == 0 ? 1000 : 1) : 0);
            var uneven = Layer(graph, first, "uneven", (i, o) => (i == 0 ? 0.001f : 1) * (float)(random.NextDouble() - 0.3));
            var last = Gemm(graph, uneven, "last", (_, _) => (float)(random.NextDouble() - 0.5));
            last.Type = new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(Width, null)]);
            return [last];
        });
        string path = folder.PathOf("uneven.onnx");
        OnnxFormat.Write(model, path);
        return path;
    }

    /// <summary>Samples between 0 and 1.</summary>
    public static Octet.Data.ISampleSource Samples(int count)
    {
        var random = new Random(12);
        return TinyModels.Rows([.. Enumerable.Range(0, count).Select(_ => (float[])[.. Enumerable.Range(0, Width).Select(_ => random.NextSingle())])]);
    }

    private static Value Layer(Graph graph, Value x, string name, Func<int, int, float> weight)
        => graph.Add("Relu", [Gemm(graph, x, name, weight)], name + "_relu");

    private static Value Gemm(Graph graph, Value x, string name, Func<int, int, float> weight)
    {
        float[] weights = [.. Enumerable.Range(0, Width * Width).Select(i => weight(i / Width, i % Width))];
        var result = graph.Add(
            "Gemm",
            [
                x,
                graph.AddConstant(name + "_weights", Tensor.FromArray(weights, new Shape(Width, Width))),
                graph.AddConstant(name + "_bias", Tensor.FromArray(new float[Width], new Shape(Width))),
            ],
            name + "_sum");
        result.Producer!.Name = name;
        return result;
    }
}
