using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class FoldPadTests
{
    private readonly Patterns g = new();
    private readonly FoldPad fold = new();

    [Fact]
    public void IntoConv_AddsToItsOwnBorders()
    {
        var y = g.Node("Conv", "y", [Pad(), g.Constant("w", 2, 3, 3, 3)], ("pads", new long[] { 1, 0, 0, 1 }));
        Assert.Equal("Conv", g.Apply(fold, out var model, y));
        Assert.Equal([1L, 1, 2, 3], model.Graph.Nodes.Single().GetInts("pads").AsEnumerable());
        Assert.Equal(["node_p", "node_y"], model.Graph.Nodes.Single().Source.AsEnumerable());
    }

    [Fact]
    public void IntoOneOfTwoReaders_LeavesThePadToTheOther()
    {
        var p = Pad();
        var c = g.Node("Conv", "c", [p, g.Constant("w", 3, 3, 1, 1)], ("auto_pad", "VALID"));
        Assert.Equal("Pad Conv Add", g.Apply(fold, g.Node("Add", "y", [c, p])));
    }

    [Theory]
    [InlineData("reflect", 0f)]
    [InlineData("constant", 1f)]
    public void OfOtherThanZeros_Stays(string mode, float value)
    {
        var p = g.Node("Pad", "p", [g.Input("x", 1, 3, 6, 6), g.Integers("widths", 0, 0, 1, 1, 0, 0, 1, 1), g.Graph.AddConstant("v", Tensor.Scalar(value))], ("mode", mode));
        Assert.Equal("Pad Conv", g.Apply(fold, g.Node("Conv", "y", [p, g.Constant("w", 2, 3, 3, 3)])));
    }

    [Theory]
    [InlineData(0, 1, 0, 0, 0, 0, 0, 0)]
    [InlineData(0, 0, -1, 0, 0, 0, 0, 0)]
    public void OfChannelsOrNegative_Stays(params int[] widths)
    {
        var p = g.Node("Pad", "p", [g.Input("x", 1, 3, 6, 6), g.Integers("widths", [.. widths.Select(w => (long)w)])]);
        Assert.Equal("Pad Conv", g.Apply(fold, g.Node("Conv", "y", [p, g.Constant("w", 2, 3 + widths[1], 3, 3)])));
    }

    [Fact]
    public void IntoConvThatPadsByItself_Stays()
        => Assert.Equal("Pad Conv", g.Apply(fold, g.Node("Conv", "y", [Pad(), g.Constant("w", 2, 3, 3, 3)], ("auto_pad", "SAME_UPPER"))));

    [Theory]
    [InlineData(0, 0, "AveragePool")]
    [InlineData(1, 1, "AveragePool")]
    [InlineData(1, 0, "Pad AveragePool")]
    public void IntoAveragePool_WhereItsOwnBorderCountsOrIsNone(int own, int counts, string left)
    {
        var y = g.Node("AveragePool", "y", [Pad()], ("kernel_shape", new long[] { 4, 4 }), ("pads", new long[] { own, own, own, own }), ("count_include_pad", counts));
        Assert.Equal(left, g.Apply(fold, y));
    }

    [Fact]
    public void IntoMaxPool_OfValuesThatAreNeverNegative()
    {
        var relu = g.Node("Relu", "r", [g.Input("x", 1, 3, 6, 6)]);
        Assert.Equal("Relu MaxPool", g.Apply(fold, g.Node("MaxPool", "y", [Pad(relu)], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }))));
    }

    [Fact]
    public void IntoMaxPool_OfOtherValues_Stays()
        => Assert.Equal("Pad MaxPool", g.Apply(fold, g.Node("MaxPool", "y", [Pad()], ("kernel_shape", new long[] { 3, 3 }))));

    [Fact]
    public void IntoMaxPool_WithWindowsThatSeeOnlyTheBorder_Stays()
    {
        var relu = g.Node("Relu", "r", [g.Input("x", 1, 3, 6, 6)]);
        Assert.Equal("Relu Pad MaxPool", g.Apply(fold, g.Node("MaxPool", "y", [Pad(relu)], ("kernel_shape", new long[] { 2, 2 }))));
    }

    private Value Pad(Value? data = null) => g.Node("Pad", "p", [data ?? g.Input("x", 1, 3, 6, 6), g.Integers("widths", 0, 0, 0, 1, 0, 0, 2, 2)]);
}
