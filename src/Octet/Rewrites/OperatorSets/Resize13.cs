using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 13 the region of interest and the scales may be left out; before, empty tensors stood in their places.</summary>
internal sealed class Resize13 : IOperatorAdapter
{
    public string OpType => "Resize";

    public long Version => 13;

    public void Adapt(Node node, RewriteContext context)
    {
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is { IsConstant: true, Constant.Count: 0 })
            {
                node.SetInput(i, null);
            }
        }
    }
}
