using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Graphs;

public sealed class InputDefaultTests
{
    [Fact]
    public void FixInputDefaults_MakesConstantsOfInputsWithADefaultAndLeavesTheOthers()
    {
        var graph = new Graph("g");
        var x = graph.AddInput("x", null);
        var w = graph.AddInput("w", null, Tensor.Scalar(1f));
        Assert.True(w.IsInput && !w.IsConstant);
        Assert.Equal(1, graph.FixInputDefaults());
        Assert.True(w.IsConstant && !w.IsInput);
        Assert.True(x.IsInput);
        Assert.Equal([x], graph.Inputs);
        Assert.Empty(graph.Verify());
    }
}
