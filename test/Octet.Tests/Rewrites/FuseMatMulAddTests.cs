using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class FuseMatMulAddTests
{
    private readonly Patterns g = new();
    private readonly FuseMatMulAdd fuse = new();

    [Theory]
    [InlineData(4)]
    [InlineData(1, 4)]
    [InlineData]
    public void OfMatrices_BecomesAGemm(params int[] bias)
    {
        var product = g.Node("MatMul", "m", [g.Input("x", 3, 6), g.Constant("w", 6, 4)]);
        Assert.Equal("Gemm", g.Apply(fuse, out var model, g.Node("Add", "y", [g.Constant("b", [.. bias.Select(d => (long)d)]), product])));
        var gemm = model.Graph.Nodes.Single();
        Assert.Equal("node_m", gemm.Name);
        Assert.Equal(["node_m", "node_y"], gemm.Source.AsEnumerable());
        Assert.Equal(1, gemm.Inputs[2]!.Constant!.Shape.Rank);
        Assert.Equal("y", gemm.Output.Name);
    }

    [Fact]
    public void OfThreeDimensions_BecomesAGemmBetweenReshapes()
    {
        var product = g.Node("MatMul", "m", [g.Dynamic("x", "batch", 5, 6), g.Constant("w", 6, 4)]);
        Assert.Equal("Reshape Gemm Reshape", g.Apply(fuse, g.Node("Add", "y", [product, g.Constant("b", 4)])));
    }

    [Fact]
    public void OfTheSameData_ReadsOneMatrix()
    {
        var x = g.Dynamic("x", "batch", 5, 6);
        var first = g.Node("Add", "y", [g.Node("MatMul", "m", [x, g.Constant("w", 6, 4)]), g.Constant("b", 4)]);
        var second = g.Node("Add", "z", [g.Node("MatMul", "n", [x, g.Constant("v", 6, 3)]), g.Constant("c", 3)]);
        Assert.Equal("Reshape Gemm Reshape Gemm Reshape", g.Apply(fuse, first, second));
    }

    [Fact]
    public void OfTwoUnknownDimensions_Stays()
    {
        var product = g.Node("MatMul", "m", [g.Dynamic("x", "batch", "length", 6), g.Constant("w", 6, 4)]);
        Assert.Equal("MatMul Add", g.Apply(fuse, g.Node("Add", "y", [product, g.Constant("b", 4)])));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 4)]
    [InlineData(2, 1, 4)]
    public void WithASumThatVariesElsewhere_Stays(params int[] bias)
    {
        var product = g.Node("MatMul", "m", [g.Input("x", 3, 6), g.Constant("w", 6, 4)]);
        Assert.Equal("MatMul Add", g.Apply(fuse, g.Node("Add", "y", [product, g.Constant("b", [.. bias.Select(d => (long)d)])])));
    }

    [Fact]
    public void OfAProductThatOthersReadOrThatIsAnOutput_Stays()
    {
        var product = g.Node("MatMul", "m", [g.Input("x", 3, 6), g.Constant("w", 6, 4)]);
        Assert.Equal("MatMul Add", g.Apply(fuse, product, g.Node("Add", "y", [product, g.Constant("b", 4)])));
    }

    [Fact]
    public void OfTwoActivations_Stays()
    {
        var product = g.Node("MatMul", "m", [g.Input("x", 3, 6), g.Input("w", 6, 4)]);
        Assert.Equal("MatMul Add", g.Apply(fuse, g.Node("Add", "y", [product, g.Constant("b", 4)])));
    }
}
