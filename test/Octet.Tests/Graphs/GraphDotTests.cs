using Octet.Graphs;

namespace Octet.Tests.Graphs;

public sealed class GraphDotTests
{
    [Fact]
    public void Write_DrawsNodesEdgesAndFrames_WithEveryTextEscaped()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        GraphDot.Write(GraphSamples.Branching(), writer);
        Assert.Equal(
            """
            digraph "main graph" {
              node [shape=box, fontname="sans-serif", fontsize=10];
              edge [fontname="sans-serif", fontsize=8];
              n0 [shape=ellipse, label="x\nFloat32[1,2]"];
              n1 [shape=ellipse, label="cond\nBoolean[]"];
              n2 [label="Gemm\nfc�[31m\nw \"1\"\n [2,2]"];
              n0 -> n2 [label="[1,2]"];
              n3 [label="If\ny"];
              subgraph cluster_n4 {
                label="y: no";
                n5 [label="Add\nshifted\nb [20]"];
                n2 -> n5 [label="[1,2]"];
                n4_out0 [shape=ellipse, label="shifted"];
                n5 -> n4_out0;
              }
              subgraph cluster_n6 {
                label="y: yes";
                n7 [label="Relu\npositive"];
                n2 -> n7 [label="[1,2]"];
                n6_out0 [shape=ellipse, label="positive"];
                n7 -> n6_out0;
              }
              n1 -> n3 [label="[]"];
              n8_out0 [shape=ellipse, label="y"];
              n3 -> n8_out0;
            }

            """.ReplaceLineEndings("\n"),
            writer.ToString());
    }

    [Fact]
    public void Write_WithLabels_ShowsThem()
    {
        using var writer = new StringWriter();
        GraphDot.Write(GraphSamples.Branching(), writer, node => node.OpType == "If" ? "a \"choice\"" : null, value => value.Name + "!");
        Assert.Contains("[label=\"If\\ny\\na \\\"choice\\\"\"]", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("n0 -> n2 [label=\"x!\"]", writer.ToString(), StringComparison.Ordinal);
    }
}
