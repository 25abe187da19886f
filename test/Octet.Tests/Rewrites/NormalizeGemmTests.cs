using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class NormalizeGemmTests
{
    private readonly Patterns g = new();

    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 1)]
    [InlineData(4)]
    [InlineData]
    public void FactorsAndAnyRow_BecomeWeightsAndAVector(params int[] bias)
    {
        var y = g.Node("Gemm", "y", [g.Input("x", 3, 6), g.Constant("w", 6, 4), g.Constant("b", [.. bias.Select(d => (long)d)])], ("alpha", 0.3f), ("beta", 1.7f));
        Assert.Equal("Gemm", g.Apply(new NormalizeGemm(), out var model, y));
        var gemm = model.Graph.Nodes.Single();
        Assert.Empty(gemm.Attributes);
        Assert.Equal(new Shape(4), gemm.Inputs[2]!.Constant!.Shape);
    }

    [Fact]
    public void ABiasForEveryRow_Stays()
    {
        var y = g.Node("Gemm", "y", [g.Input("x", 3, 6), g.Constant("w", 6, 4), g.Constant("b", 3, 4)], ("alpha", 0.3f));
        g.Apply(new NormalizeGemm(), out var model, y);
        Assert.Single(model.Graph.Nodes.Single().Attributes);
    }
}
