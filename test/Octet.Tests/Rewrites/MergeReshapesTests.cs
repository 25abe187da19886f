using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class MergeReshapesTests
{
    private readonly Patterns g = new();
    private readonly MergeReshapes merge = new();

    [Fact]
    public void OfSeveralInARow_TheLastStays()
    {
        var a = g.Node("Flatten", "a", [g.Input("x", 2, 3, 4)]);
        var b = g.Node("Reshape", "b", [a, g.Integers("s1", 4, 6)]);
        Assert.Equal("Reshape", g.Apply(merge, out var model, g.Node("Reshape", "y", [b, g.Integers("s2", -1, 8)])));
        Assert.Equal(["node_a", "node_b", "node_y"], model.Graph.Nodes.Single().Source.AsEnumerable());
    }

    [Fact]
    public void ThatCopiesADimension_Stays()
    {
        var a = g.Node("Reshape", "a", [g.Input("x", 2, 3, 4), g.Integers("s1", 6, 4)]);
        Assert.Equal("Reshape Reshape", g.Apply(merge, g.Node("Reshape", "y", [a, g.Integers("s2", 0, 2, 2)])));
    }

    [Fact]
    public void WhoseFirstOthersRead_LeavesItToThem()
    {
        var a = g.Node("Reshape", "a", [g.Input("x", 2, 3, 4), g.Integers("s1", 6, 4)]);
        Assert.Equal("Reshape Reshape Neg", g.Apply(merge, g.Node("Reshape", "y", [a, g.Integers("s2", 24)]), g.Node("Neg", "z", [a])));
    }
}
