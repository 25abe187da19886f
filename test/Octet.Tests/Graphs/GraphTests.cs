using Octet.Graphs;

namespace Octet.Tests.Graphs;

public sealed class GraphTests
{
    private readonly Graph graph = new("g");

    [Fact]
    public void Nodes_RemovedAndAddedWhileIterating_AreSkippedAndVisited()
    {
        var v = Chain(6);
        graph.AddOutput(v);
        var visited = new List<string>();
        foreach (var node in graph.Nodes)
        {
            visited.Add(node.Output.Name);
            if (node.Output.Name == "v2")
            {
                var next = node.Output.Uses.Single().Node;
                next.Output.ReplaceWith(graph.Add("Neg", [node.Output], "added", before: next));
                graph.Remove(next);
            }
            else if (node.Output.Name == "v4")
            {
                node.Output.ReplaceWith(node.Inputs[0]!);
                graph.Remove(node);
            }
        }

        Assert.Equal(["v1", "v2", "added", "v4", "v5", "v6"], visited);
        Assert.Equal(["v1", "v2", "added", "v5", "v6"], graph.Nodes.Select(n => n.Output.Name));
        Assert.Empty(graph.Verify());
    }

    [Fact]
    public void ReplaceWith_MovesUsesInOrder_AndOutputsEachTime()
    {
        var x = graph.AddInput("x", null);
        var y = graph.AddInput("y", null);
        var first = graph.Add("Neg", [x], "a").Producer!;
        var second = graph.Add("Add", [x, x], "b").Producer!;
        graph.AddOutput(x);
        graph.AddOutput(x);
        x.ReplaceWith(y);
        Assert.Empty(x.Uses);
        Assert.False(x.IsOutput);
        Assert.True(y.IsOutput);
        Assert.Equal([new Use(first, 0), new Use(second, 0), new Use(second, 1)], y.Uses);
        Assert.Equal([y, y], graph.Outputs);
        Assert.Empty(graph.Verify());
    }

    [Fact]
    public void ReplaceUsesWith_ItselfChangesNothing()
    {
        var v = Chain(2);
        graph.AddOutput(v);
        graph.Find("v1")!.ReplaceUsesWith(graph.Find("v1")!);
        Assert.Empty(graph.Verify());
        Assert.Single(graph.Find("v1")!.Uses);
    }

    [Fact]
    public void Remove_OfANodeThatIsStillRead_IsRefused()
    {
        graph.AddOutput(Chain(2));
        Assert.Throws<InvalidOperationException>(() => graph.Remove(graph.Nodes.First()));
        Assert.Throws<InvalidOperationException>(() => graph.Remove(graph.Nodes.Last()));
    }

    [Fact]
    public void ClearOutputs_LetsNodesBeRemoved()
    {
        graph.AddOutput(Chain(3));
        graph.ClearOutputs();
        Assert.Equal(3, graph.RemoveUnused());
        Assert.Equal(0, graph.NodeCount);
    }

    [Fact]
    public void RemoveUnused_ReachesGraphsInsideNodes()
    {
        var model = GraphSamples.Branching();
        var branch = model.Graph.AllNodes.Single(n => n.Is("Relu")).Graph;
        branch.Add("Neg", [branch.Outputs[0]], "unread");
        Assert.Equal(1, model.Graph.RemoveUnused());
        Assert.Empty(model.Graph.Verify());
    }

    [Fact]
    public void FreshName_CountsUp_AndKnowsTheGraphsAround()
    {
        graph.AddInput("x", null);
        var inner = new Graph("inner", graph);
        Assert.Equal("x_1", inner.FreshName("x"));
        Assert.Equal("y", inner.FreshName("y"));
        inner.AddInput("x_1", null);
        Assert.Equal("x_2", inner.FreshName("x"));
    }

    private Value Chain(int length)
    {
        var v = graph.AddInput("x", null);
        for (int i = 1; i <= length; i++)
        {
            v = graph.Add("Relu", [v], $"v{i}");
        }

        return v;
    }
}
