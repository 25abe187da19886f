using Octet.Graphs;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class MergeScalesTests
{
    private readonly Patterns g = new();
    private readonly MergeScales merge = new();

    // No layer can take it up.
    private Value Rectified() => g.Node("Relu", "r", [g.Input("x", 2, 4, 5, 5)]);

    [Fact]
    public void ANormalizationABiasAndAScale_BecomeOneNormalization()
    {
        var shifted = g.Node("Add", "s", [g.Normalize("n", Rectified(), 4), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu BatchNormalization Relu", g.Apply(merge, out var model, g.Node("Relu", "z", [g.Node("Mul", "y", [shifted, g.Constant("d", 1, 4, 1, 1)])])));
        Assert.Equal(["node_n", "node_s", "node_y"], model.Graph.Nodes.ElementAt(1).Source.AsEnumerable());
    }

    [Fact]
    public void TwoScales_BecomeOne_ThatBearsTheNameOfTheLast()
    {
        var first = g.Node("Mul", "a", [Rectified(), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu Mul", g.Apply(merge, out var model, g.Node("Div", "y", [first, g.Between("d", 0.5, 2)])));
        Assert.Equal("y", model.Graph.Outputs.Single().Name);
    }

    [Fact]
    public void TwoBiases_BecomeOne()
        => Assert.Equal("Relu Add", g.Apply(merge, g.Node("Sub", "y", [g.Node("Add", "a", [Rectified(), g.Constant("c", 4, 1, 1)]), g.Constant("d", 4, 1, 1)])));

    [Fact]
    public void TwoNormalizations_BecomeOne()
        => Assert.Equal("Relu BatchNormalization", g.Apply(merge, g.Normalize("y", g.Normalize("n", Rectified(), 4), 4)));

    [Fact]
    public void AMixedChain_BecomesAProductAndASum()
    {
        var a = g.Node("Sub", "a", [g.Constant("c", 4, 1, 1), Rectified()]);
        var b = g.Node("Mul", "b", [a, g.Constant("d", 4, 1, 1)]);
        Assert.Equal("Relu Mul Add", g.Apply(merge, g.Node("Add", "y", [b, g.Constant("e")])));
    }

    [Fact]
    public void AProductAndASum_StayAsTheyAre()
        => Assert.Equal("Relu Add Mul", g.Apply(merge, g.Node("Mul", "y", [g.Node("Add", "a", [Rectified(), g.Constant("c", 4, 1, 1)]), g.Constant("d", 4, 1, 1)])));

    [Fact]
    public void AMiddleValueThatOthersRead_IsLeftAlone()
    {
        var a = g.Node("Mul", "a", [Rectified(), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu Mul Mul Neg", g.Apply(merge, g.Node("Mul", "y", [a, g.Constant("d", 4, 1, 1)]), g.Node("Neg", "z", [a])));
    }

    [Fact]
    public void AMiddleValueThatIsAnOutput_IsLeftAlone()
    {
        var a = g.Node("Mul", "a", [Rectified(), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu Mul Mul", g.Apply(merge, a, g.Node("Mul", "y", [a, g.Constant("d", 4, 1, 1)])));
    }

    [Fact]
    public void OnlyWhatIsBehindASharedValue_IsMerged()
    {
        var a = g.Normalize("a", Rectified(), 4);
        var b = g.Node("Mul", "b", [a, g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu BatchNormalization Mul Neg", g.Apply(merge, g.Node("Mul", "y", [b, g.Constant("d", 4, 1, 1)]), g.Node("Neg", "z", [a])));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4, 1, 5)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 1, 4, 1, 1)]
    public void AConstantThatVariesElsewhere_Stays(params int[] shape)
    {
        var a = g.Node("Mul", "a", [Rectified(), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu Mul Mul", g.Apply(merge, g.Node("Mul", "y", [a, g.Constant("d", [.. shape.Select(d => (long)d)])])));
    }

    [Fact]
    public void AConstantThatEnlargesTheOutput_Stays()
    {
        var a = g.Node("Mul", "a", [g.Input("x", 2, 1, 5, 5), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Mul Mul", g.Apply(merge, g.Node("Mul", "y", [a, g.Constant("d", 4, 1, 1)])));
    }

    [Fact]
    public void ADivisorThatIsZero_Stays()
    {
        var a = g.Node("Mul", "a", [Rectified(), g.Constant("c", 4, 1, 1)]);
        Assert.Equal("Relu Mul Div", g.Apply(merge, g.Node("Div", "y", [a, g.Between("zero", 0, 0)])));
    }

    [Fact]
    public void ChannelsThatAreNotKnown_Stay()
    {
        var a = g.Node("Mul", "a", [g.Dynamic("x", 2, "channels", 5, 5), g.Constant("c", 1)]);
        Assert.Equal("Mul Mul", g.Apply(merge, g.Node("Mul", "y", [a, g.Constant("d", 1)])));
    }
}
