using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class FoldChannelAffineTests
{
    private readonly Patterns g = new();
    private readonly FoldChannelAffine fold = new();

    private Value Conv(string name = "c") => g.Node("Conv", name, [g.Input("x", 2, 3, 5, 5), g.Constant("w", 4, 3, 3, 3), g.Constant("b", 4)], ("pads", new long[] { 1, 1, 1, 1 }));

    [Fact]
    public void AChainBehindAConv_IsFolded_AndEveryNodeIsRemembered()
    {
        var scaled = g.Node("Mul", "m", [g.Between("s", 0.5, 2, 1, 4, 1, 1), Conv()]);
        var shifted = g.Node("Sub", "t", [scaled, g.Constant("d", 4, 1, 1)]);
        var divided = g.Node("Div", "q", [shifted, g.Between("v", 0.5, 2)]);
        Assert.Equal("Conv", g.Apply(fold, out var model, g.Node("Sub", "y", [g.Constant("e", 4, 1, 1), divided])));
        Assert.Equal(["node_c", "node_m", "node_t", "node_q", "node_y"], model.Graph.Nodes.Single().Source.AsEnumerable());
        Assert.Equal("y", model.Graph.Outputs.Single().Name);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(5, 5)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 4, 1, 5)]
    [InlineData(1, 1, 4, 1, 1)]
    public void AConstantThatVariesElsewhere_Stays(params int[] shape)
        => Assert.Equal("Conv Add", g.Apply(fold, g.Node("Add", "y", [Conv(), g.Constant("s", [.. shape.Select(d => (long)d)])])));

    [Fact]
    public void AConstantThatWouldEnlargeTheOutput_Stays()
    {
        var c = g.Node("Conv", "c", [g.Input("x", 1, 3, 5, 5), g.Constant("w", 1, 3, 1, 1)]);
        Assert.Equal("Conv Add", g.Apply(fold, g.Node("Add", "y", [c, g.Constant("s", 1, 4, 1, 1)])));
    }

    [Fact]
    public void ADivisorThatIsZero_Stays()
    {
        var zero = g.Graph.AddConstant("zero", Tensor.Scalar(0f));
        Assert.Equal("Conv Div", g.Apply(fold, g.Node("Div", "y", [Conv(), zero])));
    }

    [Fact]
    public void AQuotientOfAConstant_Stays()
        => Assert.Equal("Conv Div", g.Apply(fold, g.Node("Div", "y", [g.Constant("s", 4, 1, 1), Conv()])));

    [Fact]
    public void AValueThatIsAnOutputOrReadElsewhere_Stays()
    {
        var c = Conv();
        Assert.Equal("Conv Mul Relu", g.Apply(fold, g.Node("Mul", "y", [c, g.Constant("s", 4, 1, 1)]), g.Node("Relu", "z", [c])));
    }

    [Fact]
    public void TwoBranches_AddedUp_Stay()
    {
        var c = Conv();
        Assert.Equal("Conv Relu Add", g.Apply(fold, g.Node("Add", "y", [c, g.Node("Relu", "r", [c])])));
    }

    [Fact]
    public void AScaleBeforeAConvWithBorders_IsFolded_AShiftIsNot()
    {
        var x = g.Input("x", 1, 3, 5, 5);
        var scaled = g.Node("Div", "q", [g.Node("Sub", "t", [x, g.Constant("mean", 1, 3, 1, 1)]), g.Between("s", 0.5, 2, 1, 3, 1, 1)]);
        Assert.Equal("Sub Conv", g.Apply(fold, g.Node("Conv", "y", [scaled, g.Constant("w", 4, 3, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))));
    }

    [Fact]
    public void AScaleAndShiftBeforeAConvWithoutBorders_AreFolded()
    {
        var x = g.Input("x", 1, 3, 5, 5);
        var scaled = g.Node("Div", "q", [g.Node("Sub", "t", [x, g.Constant("mean", 1, 3, 1, 1)]), g.Between("s", 0.5, 2)]);
        Assert.Equal("Conv", g.Apply(fold, g.Node("Conv", "y", [scaled, g.Constant("w", 4, 3, 3, 3)])));
    }

    [Fact]
    public void AConstantThatEnlargesTheInput_Stays()
    {
        var wide = g.Node("Mul", "m", [g.Input("x", 1, 1, 5, 5), g.Constant("s", 1, 3, 1, 1)]);
        Assert.Equal("Mul Conv", g.Apply(fold, g.Node("Conv", "y", [wide, g.Constant("w", 4, 3, 3, 3)])));
    }

    [Fact]
    public void BesideAGemm_IsFolded()
    {
        var scaled = g.Node("Mul", "m", [g.Input("x", 2, 6), g.Constant("s", 6)]);
        var product = g.Node("Gemm", "c", [scaled, g.Constant("w", 6, 4)]);
        Assert.Equal("Gemm", g.Apply(fold, g.Node("Add", "y", [product, g.Constant("d", 1, 4)])));
    }

    [Fact]
    public void ABiasForEveryRowOfAGemm_Stays()
    {
        var product = g.Node("Gemm", "c", [g.Input("x", 4, 6), g.Constant("w", 6, 4)]);
        Assert.Equal("Gemm Add", g.Apply(fold, g.Node("Add", "y", [product, g.Constant("d", 4, 1)])));
    }
}
