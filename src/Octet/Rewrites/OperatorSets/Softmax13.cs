using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>
/// Before operator set 13, Softmax, LogSoftmax and Hardmax saw a matrix: all axes from <c>axis</c> (default 1) on were one. Since then they
/// work along one axis (default the last). Where that is not the same, the matrix is made and unmade around them.
/// </summary>
/// <param name="opType">One of the three.</param>
internal sealed class Softmax13(string opType) : IOperatorAdapter
{
    public string OpType => opType;

    public long Version => 13;

    public void Adapt(Node node, RewriteContext context)
    {
        long axis = node.GetInt("axis", 1);
        node.SetAttribute("axis", -1);
        var input = node.Inputs[0]!;
        if (axis == -1 || (context.RankOf(input) is { } rank && (axis < 0 ? axis + rank : axis) == rank - 1))
        {
            return;
        }

        var graph = node.Graph;
        string name = node.Output.Name;
        var shape = graph.Add("Shape", [input], name + "_shape", before: node);
        var matrix = graph.Add("Flatten", [input], name + "_matrix", before: node);
        matrix.Producer!.SetAttribute("axis", axis);
        var result = Merging.Replace(node, opType, [matrix]);
        var outer = Merging.PutBehind(result, "Reshape", name + "_flat", [shape]);
        foreach (var added in new[] { shape, matrix, outer })
        {
            added.Producer!.Name = added.Name;
            added.Producer.Source = result.Source;
        }
    }
}
