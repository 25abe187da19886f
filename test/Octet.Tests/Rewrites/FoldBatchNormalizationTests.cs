using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class FoldBatchNormalizationTests
{
    private readonly Patterns g = new();
    private readonly FoldBatchNormalization fold = new();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    public void BehindConv_OfAnyGroups_IsFolded(int groups, bool bias)
    {
        var y = g.Node("Conv", "c", [g.Input("x", 1, 4, 5, 5), g.Constant("w", 8, 4 / groups, 3, 3), bias ? g.Constant("b", 8) : null], ("group", groups), ("pads", new long[] { 1, 1, 1, 1 }));
        Assert.Equal("Conv", g.Apply(fold, out var model, g.Normalize("y", y, 8)));
        var conv = model.Graph.Nodes.Single();
        Assert.Equal(["node_c", "node_y"], conv.Source.AsEnumerable());
        Assert.Equal("node_c", conv.Name);
        Assert.Equal("y", conv.Output.Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BehindConvTranspose_OfAnyGroups_IsFolded(int groups)
    {
        var y = g.Node("ConvTranspose", "c", [g.Input("x", 1, 4, 5, 5), g.Constant("w", 4, 6 / groups, 3, 3), g.Constant("b", 6)], ("group", groups), ("strides", new long[] { 2, 2 }));
        Assert.Equal("ConvTranspose", g.Apply(fold, g.Normalize("y", y, 6)));
    }

    [Theory]
    [InlineData(0, "vector")]
    [InlineData(1, "row")]
    [InlineData(1, "scalar")]
    [InlineData(0, "none")]
    public void BehindGemm_WithAnyBias_IsFolded(int transposed, string bias)
    {
        var c = bias switch { "vector" => g.Constant("b", 5), "row" => g.Constant("b", 1, 5), "scalar" => g.Constant("b"), _ => null };
        var w = transposed == 1 ? g.Constant("w", 5, 7) : g.Constant("w", 7, 5);
        var y = g.Node("Gemm", "c", [g.Input("x", 3, 7), w, c], ("transB", transposed), ("alpha", 0.5f), ("beta", 3f));
        Assert.Equal("Gemm", g.Apply(fold, g.Normalize("y", y, 5)));
    }

    [Fact]
    public void BehindGemm_WithABiasForEveryRow_Stays()
    {
        var y = g.Node("Gemm", "c", [g.Input("x", 3, 7), g.Constant("w", 7, 5), g.Constant("b", 3, 1)]);
        Assert.Equal("Gemm BatchNormalization", g.Apply(fold, g.Normalize("y", y, 5)));
    }

    [Fact]
    public void BeforeConv_WithoutBorders_IsFolded()
    {
        var n = g.Normalize("n", g.Input("x", 1, 4, 5, 5), 4);
        Assert.Equal("Conv", g.Apply(fold, out var model, g.Node("Conv", "y", [n, g.Constant("w", 6, 2, 3, 3)], ("group", 2))));
        Assert.Equal(["node_n", "node_y"], model.Graph.Nodes.Single().Source.AsEnumerable());
    }

    [Fact]
    public void BeforeConv_WithBorders_Stays()
    {
        var n = g.Normalize("n", g.Input("x", 1, 4, 5, 5), 4);
        Assert.Equal("BatchNormalization Conv", g.Apply(fold, g.Node("Conv", "y", [n, g.Constant("w", 6, 4, 3, 3)], ("pads", new long[] { 0, 1, 0, 1 }))));
    }

    [Fact]
    public void BeforeConv_WithAutomaticBorders_Stays()
    {
        var n = g.Normalize("n", g.Input("x", 1, 4, 5, 5), 4);
        Assert.Equal("BatchNormalization Conv", g.Apply(fold, g.Node("Conv", "y", [n, g.Constant("w", 6, 4, 3, 3)], ("auto_pad", "SAME_UPPER"))));
    }

    [Fact]
    public void BeforeConv_WithBordersButWithoutShift_IsFolded()
    {
        var zeros = g.Graph.AddConstant("zeros", Tensor.FromArray(new float[4], new Shape(4)));
        var n = g.Node("BatchNormalization", "n", [g.Input("x", 1, 4, 5, 5), g.Constant("gamma", 4), zeros, zeros, g.Between("variance", 0.1, 2, 4)]);
        Assert.Equal("Conv", g.Apply(fold, g.Node("Conv", "y", [n, g.Constant("w", 6, 4, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))));
    }

    [Fact]
    public void BeforeGemm_IsFolded()
    {
        var n = g.Normalize("n", g.Input("x", 3, 7), 7);
        Assert.Equal("Gemm", g.Apply(fold, g.Node("Gemm", "y", [n, g.Constant("w", 5, 7), g.Constant("b", 5)], ("transB", 1), ("alpha", 2f))));
    }

    [Fact]
    public void BehindConv_WhoseValueOthersRead_Stays()
    {
        var c = g.Node("Conv", "c", [g.Input("x", 1, 4, 5, 5), g.Constant("w", 4, 4, 1, 1)]);
        Assert.Equal("Conv BatchNormalization Add", g.Apply(fold, g.Node("Add", "y", [g.Normalize("n", c, 4), c])));
    }

    [Fact]
    public void BehindConv_WhoseValueIsAnOutput_Stays()
    {
        var c = g.Node("Conv", "c", [g.Input("x", 1, 4, 5, 5), g.Constant("w", 4, 4, 1, 1)]);
        Assert.Equal("Conv BatchNormalization", g.Apply(fold, c, g.Normalize("y", c, 4)));
    }

    [Fact]
    public void BehindConv_WithWeightsFromOutside_Stays()
    {
        var c = g.Node("Conv", "c", [g.Input("x", 1, 4, 5, 5), g.Input("w", 4, 4, 1, 1)]);
        Assert.Equal("Conv BatchNormalization", g.Apply(fold, g.Normalize("y", c, 4)));
    }

    [Fact]
    public void WithStatisticsFromOutside_Stays()
    {
        var c = g.Node("Conv", "c", [g.Input("x", 1, 4, 5, 5), g.Constant("w", 4, 4, 1, 1)]);
        var n = g.Node("BatchNormalization", "n", [c, g.Constant("a", 4), g.Constant("b", 4), g.Input("mean", 4), g.Between("v", 1, 2, 4)]);
        Assert.Equal("Conv BatchNormalization", g.Apply(fold, n));
    }

    [Fact]
    public void WeightsThatTwoConvsShare_AreSplit()
    {
        var x = g.Input("x", 1, 4, 5, 5);
        var w = g.Constant("w", 4, 4, 1, 1);
        var first = g.Normalize("n", g.Node("Conv", "c1", [x, w]), 4);
        Assert.Equal("Conv Conv Add", g.Apply(fold, out var model, g.Node("Add", "y", [first, g.Node("Conv", "c2", [x, w])])));
        Assert.NotSame(model.Graph.Find("n")!.Producer!.Inputs[1], model.Graph.Find("c2")!.Producer!.Inputs[1]);
        Assert.Same(w.Constant, model.Graph.Find("c2")!.Producer!.Inputs[1]!.Constant);
    }

    [Fact]
    public void AFoldThatWouldOverflow_IsNotMade()
    {
        var w = g.Graph.AddConstant("w", Tensor.FromArray([1e30f], new Shape(1, 1, 1, 1)));
        var c = g.Node("Conv", "c", [g.Input("x", 1, 1, 2, 2), w]);
        var gamma = g.Graph.AddConstant("gamma", Tensor.FromArray([1e20f], new Shape(1)));
        var zero = g.Graph.AddConstant("zero", Tensor.FromArray([0f], new Shape(1)));
        var y = g.Node("BatchNormalization", "y", [c, gamma, zero, zero, g.Between("v", 1, 2, 1)]);
        g.Graph.AddOutput(y);
        Assert.Equal(0, fold.Apply(new RewriteContext(new Model(g.Graph) { Opsets = { [string.Empty] = 13 } })));
    }

    [Fact]
    public void InsideAnIf_IsFolded_WithTheWeightsOfTheGraphAround()
    {
        var x = g.Input("x", 1, 4, 5, 5);
        var condition = g.Graph.AddInput("cond", TensorType.Of(ElementType.Boolean, default));
        var w = g.Constant("w", 4, 4, 1, 1);
        Value[] parameters = [g.Constant("gamma", 4), g.Constant("beta", 4), g.Constant("mean", 4), g.Between("variance", 1, 2, 4)];
        var yes = new Graph("yes", g.Graph);
        var conv = yes.Add("Conv", [x, w], "c");
        yes.AddOutput(yes.Add("BatchNormalization", [conv, .. parameters], "n"));
        var no = new Graph("no", g.Graph);
        no.AddOutput(no.Add("Conv", [x, w], "d"));
        var y = g.Node("If", "y", [condition], ("then_branch", yes), ("else_branch", no));
        Assert.Equal("If", g.Apply(fold, out var model, y));
        Assert.DoesNotContain(model.Graph.AllNodes, n => n.Is("BatchNormalization"));
        Assert.Equal("n", model.Graph.Nodes.Single().Subgraphs.Single(s => s.Name == "yes").Outputs.Single().Name);
    }
}
