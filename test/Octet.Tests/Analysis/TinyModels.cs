using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Tests.Analysis;

/// <summary>Models small enough to know their outputs by heart, and samples for them.</summary>
internal static class TinyModels
{
    /// <summary>y = x + delta, x of shape [N, width].</summary>
    public static Model Shifted(params float[] delta) => Of(delta.Length, (graph, x) =>
        [graph.Add("Add", [x, graph.AddConstant("delta", Tensor.FromArray(delta, new Shape(delta.Length)))], "y")]);

    /// <summary>A model of input x, [N, width] floats, with the outputs that a function makes.</summary>
    public static Model Of(int width, Func<Graph, Value, Value[]> outputs, ElementType type = ElementType.Float32) => Of(new Dimension(width, null), outputs, type);

    /// <summary>The same, of rows of any width.</summary>
    public static Model OfAnyWidth(Func<Graph, Value, Value[]> outputs) => Of(new Dimension(null, "W"), outputs, ElementType.Float32);

    private static Model Of(Dimension width, Func<Graph, Value, Value[]> outputs, ElementType type)
    {
        var graph = new Graph("tiny");
        var x = graph.AddInput("x", new TensorType(type, [new Dimension(null, "N"), width]));
        foreach (var output in outputs(graph, x))
        {
            graph.AddOutput(output);
        }

        return new Model(graph) { Opsets = { [string.Empty] = 13 } };
    }

    /// <summary>Samples of one row each.</summary>
    public static ISampleSource Rows(params (float[] Row, int? Label)[] rows) => SampleSources.FromMemory(rows.Select((r, i) => new Sample(
        i, $"row {i}", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray(r.Row, new Shape(1, r.Row.Length)) }, r.Label)));

    /// <summary>Samples of one row each without labels.</summary>
    public static ISampleSource Rows(params float[][] rows) => Rows([.. rows.Select(r => (r, (int?)null))]);

    /// <summary>What the model's inputs are, for opening data.</summary>
    public static InputSpec[] InputsOf(string model)
    {
        using var session = FloatSession.Open(model);
        return [.. session.Inputs.Select(i => new InputSpec(i.Name, i.ElementType, [.. i.Dimensions]))];
    }
}
