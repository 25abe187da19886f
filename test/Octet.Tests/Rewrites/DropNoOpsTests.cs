using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class DropNoOpsTests
{
    private readonly Patterns g = new();
    private readonly DropNoOps drop = new();

    [Fact]
    public void NodesThatGiveWhatTheyRead_AreRemoved()
    {
        var v = g.Node("Relu", "r", [g.Input("x", 2, 3)]);
        v = g.Node("Identity", "i", [v]);
        v = g.Node("Dropout", "d", [v]);
        v = g.Node("Cast", "c", [v], ("to", 1));
        v = g.Node("Concat", "k", [v], ("axis", 0));
        v = g.Node("Transpose", "t", [v], ("perm", new long[] { 0, 1 }));
        v = g.Node("Reshape", "h", [v, g.Integers("shape", 2, 3)]);
        v = g.Node("Pad", "p", [v, g.Integers("widths", 0, 0, 0, 0)]);
        v = g.Node("Flatten", "f", [v]);
        Assert.Equal("Relu Neg", g.Apply(drop, out var model, g.Node("Neg", "y", [v])));
        Assert.Equal(["node_r", "node_i", "node_d", "node_c", "node_k", "node_t", "node_h", "node_p", "node_f"], model.Graph.Nodes.First().Source.AsEnumerable());
    }

    [Fact]
    public void BeforeAnOutput_TheNodeBeforeTakesTheName()
    {
        var y = g.Node("Identity", "y", [g.Node("Relu", "r", [g.Input("x", 2)])]);
        Assert.Equal("Relu", g.Apply(drop, out var model, y));
        Assert.Equal("y", model.Graph.Nodes.Single().Output.Name);
    }

    [Fact]
    public void BetweenAnInputAndAnOutput_OrTwoOutputs_Stays()
    {
        var r = g.Node("Relu", "r", [g.Input("x", 2)]);
        Assert.Equal("Relu Identity Identity", g.Apply(drop, r, g.Node("Identity", "y", [r]), g.Node("Identity", "z", [g.Graph.Inputs[0]])));
    }

    [Fact]
    public void OtherNodes_Stay()
    {
        var v = g.Node("Transpose", "t", [g.Input("x", 2, 2)]);
        v = g.Node("Cast", "c", [v], ("to", 11));
        v = g.Node("Reshape", "h", [v, g.Integers("shape", 4, 1)]);
        v = g.Node("Pad", "p", [v, g.Integers("widths", 0, 0, 0, 1)]);
        Assert.Equal("Transpose Cast Reshape Pad", g.Apply(drop, v));
    }

    [Fact]
    public void ADropoutThatTrains_Stays()
    {
        var training = g.Graph.AddConstant("training", Tensor.FromArray([true], default));
        g.Graph.AddOutput(g.Node("Dropout", "y", [g.Input("x", 2), g.Graph.AddConstant("ratio", Tensor.Scalar(0.5f)), training]));
        Assert.Equal(0, drop.Apply(new RewriteContext(new Model(g.Graph) { Opsets = { [string.Empty] = 13 } })));
    }
}
