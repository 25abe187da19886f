using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>Of several Reshapes in a row only the last counts, where its target is known and copies no dimension of what it reads.</summary>
public sealed class MergeReshapes : IRewrite
{
    /// <inheritdoc/>
    public string Name => "merge-reshapes";

    /// <inheritdoc/>
    public string Description => "Of several reshapes in a row only the last stays";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var last in context.Graph.AllNodes.Where(n => n.Is("Reshape")))
        {
            while (last.Input(0) is { Producer: { } first } middle && IsPlainShapeChange(first) && first.Graph == last.Graph && CopiesNothing(last))
            {
                last.SetInput(0, first.Inputs[0]);
                changes++;
                if (middle is { Uses.Count: 0, IsOutput: false })
                {
                    last.Source = [.. first.Source.Except(last.Source), .. last.Source];
                    first.Graph.Remove(first);
                }
            }
        }

        if (changes > 0)
        {
            context.Graph.RemoveUnused();
        }

        return changes;
    }

    private static bool IsPlainShapeChange(Node node)
        => (node.Is("Reshape") || node.Is("Flatten") || node.Is("Squeeze") || node.Is("Unsqueeze")) && node.Input(0) is not null;

    // A dimension of 0 means the dimension of the value that is read, unless zeros are allowed.
    private static bool CopiesNothing(Node reshape) => reshape.Input(1) is { IsConstant: true, Constant: { Type: ElementType.Int64 } target }
        && (target.ToInt64s().All(d => d != 0) || reshape.GetInt("allowzero", 0) != 0);
}
