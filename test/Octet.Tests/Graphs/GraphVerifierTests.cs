using Octet.Graphs;

namespace Octet.Tests.Graphs;

public sealed class GraphVerifierTests
{
    private readonly Graph graph = GraphSamples.Branching().Graph;

    private Node If => graph.Nodes.Single(n => n.Is("If"));

    [Fact]
    public void Verify_OfASoundGraph_FindsNothing() => Assert.Empty(graph.Verify());

    [Fact]
    public void Verify_WhenANodeReadsWhatComesLater_NamesBoth()
    {
        graph.MoveBefore(If, graph.Nodes.First());
        Assert.Contains(graph.Verify(), p => p.Contains("reads product, which nothing before it defines", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_WhenANodeReadsAValueOfAGraphInsideAnother_SaysSo()
    {
        var inner = If.Subgraphs.First().Nodes.Single().Output;
        graph.AddOutput(graph.Add("Neg", [inner], "z"));
        Assert.Contains(graph.Verify(), p => p.StartsWith($"node z reads {inner.Name}", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_WhenUsesAndInputsDisagree_SaysSo()
    {
        graph.Nodes.First().Redirect(0, graph.Find("cond")!);
        var problems = graph.Verify();
        Assert.Contains(problems, p => p.StartsWith("value x lists a use", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("value x is read 0 times, but knows of 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_WhenAnOutputIsOfAnotherGraph_SaysSo()
    {
        graph.AddOutput(new Graph("other").AddInput("foreign", null));
        Assert.Equal(["graph output foreign is not defined"], graph.Verify());
    }
}
