using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Graphs;

/// <summary>Graphs for the tests of this room.</summary>
internal static class GraphSamples
{
    public static TensorType Floats(params long[] dimensions) => TensorType.Of(ElementType.Float32, new Shape(dimensions));

    public static Tensor Tensor(float[] values, params long[] dimensions) => Octet.Numerics.Tensor.FromArray(values, new Shape(dimensions));

    /// <summary>y = condition ? Relu(x·w) : x·w + b, with names that need care.</summary>
    public static Model Branching()
    {
        var graph = new Graph("main graph");
        var x = graph.AddInput("x", Floats(1, 2));
        var condition = graph.AddInput("cond", TensorType.Of(ElementType.Boolean, default));
        var w = graph.AddConstant("w \"1\"\n", Tensor([1, 2, 3, 4.5f], 2, 2));
        var product = graph.Add("Gemm", [x, w, null], "product");
        product.Producer!.Name = "fc\u001b[31m";
        product.Producer.SetAttribute("transB", 1);
        product.Producer.SetAttribute("alpha", 0.5f);
        product.Type = Floats(1, 2);
        var yes = new Graph("yes", graph);
        yes.AddOutput(yes.Add("Relu", [product], "positive"));
        var no = new Graph("no", graph);
        no.AddOutput(no.Add("Add", [product, no.AddConstant("b", Tensor([.. Enumerable.Range(0, 20).Select(i => (float)i)], 20))], "shifted"));
        var choice = graph.AddNode("If", [condition], ["y"]);
        choice.SetAttribute("then_branch", yes);
        choice.SetAttribute("else_branch", no);
        graph.AddOutput(choice.Output);
        return new Model(graph) { Opsets = { [string.Empty] = 13, ["com.microsoft"] = 1 }, Metadata = { ["note"] = "four" } };
    }
}
