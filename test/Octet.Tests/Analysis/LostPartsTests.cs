using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Analysis;

public sealed class LostPartsTests
{
    // Two coordinates up to 600, a score up to 1.
    private static readonly Sample[] Samples = [.. Enumerable.Range(0, 20).Select(i => new Sample(
        i, $"{i}", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray([i * 30f, 600 - (i * 30f), i / 20f], new Shape(1, 3)) }, null))];

    [Theory]
    [InlineData(2.5f, true)]
    [InlineData(0.4f, true)]
    [InlineData(1 / 64f, false)]
    public void Find_ScoresInStepsOfOneScale_AreLostWhereTheStepsAreWide(float step, bool lost)
    {
        var found = LostParts.Find(Identity(1), Rounded(step), 8, Samples);
        Assert.Equal(lost ? ["output \"y\" lost 1 of its 3 parts, whose values lie from 0 to 0.95 beside others up to 600"] : [], found);
    }

    [Fact]
    public void Find_AnOutputThatStandsStill_IsLost()
        => Assert.Equal(["output \"y\" stands still: its values lie from 0 to 600 in the float model"], LostParts.Find(Identity(1), Identity(0), 8, Samples));

    [Fact]
    public void Find_PartsThatDifferByDegrees_AreNotLookedAt()
    {
        // Each a few times the one before: nothing is so far from its neighbour that it is another kind of value.
        float[] factors = [1, 5, 30, 200];
        Sample[] samples = [.. Enumerable.Range(0, 20).Select(i => new Sample(
            i, $"{i}", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray([.. factors.Select(f => f * i / 20)], new Shape(1, 4)) }, null))];
        Assert.Empty(LostParts.Find(Identity(1), Rounded(2), 8, samples));
    }

    private static Model Identity(float factor) => TinyModels.OfAnyWidth((graph, x) => [graph.Add("Mul", [x, graph.AddConstant("f", Tensor.Scalar(factor))], "y")]);

    private static Model Rounded(float step) => TinyModels.OfAnyWidth((graph, x) =>
    {
        var s = graph.AddConstant("s", Tensor.Scalar(step));
        return [graph.Add("Mul", [graph.Add("Round", [graph.Add("Div", [x, s], "steps")], "rounded"), s], "y")];
    });
}
