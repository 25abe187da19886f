using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>Removes nodes that give what they read: Identity, Dropout, and others whose types, shapes or parameters make them so.</summary>
public sealed class DropNoOps : IRewrite
{
    /// <inheritdoc/>
    public string Name => "drop-no-ops";

    /// <inheritdoc/>
    public string Description => "Nodes that give what they read are removed: Identity, Dropout, casts to the same type, reshapes to the same shape";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var node in context.Graph.AllNodes)
        {
            if (node.Domain.Length == 0 && node.Input(0) is { } input && HasOneUsedOutput(node) && GivesWhatItReads(node, input, context) && Drop(node, input))
            {
                changes++;
            }
        }

        return changes;
    }

    private static bool HasOneUsedOutput(Node node)
        => node.Outputs is [{ }, ..] && node.Outputs.Skip(1).All(o => o is null or { Uses.Count: 0, IsOutput: false });

    private static bool GivesWhatItReads(Node node, Value input, RewriteContext context) => node.OpType switch
    {
        "Identity" => true,
        "Dropout" => node.Input(2) is null || (node.Input(2) is { IsConstant: true, Constant: var training } && training!.ToFloats() is [0]),
        "Concat" or "Sum" or "Mean" or "Max" or "Min" => node.Inputs.Count == 1,
        "Cast" => context.TypeOf(input) is { } type && (long)type.ElementType == node.GetInt("to", 0),
        "Transpose" => node.GetInts("perm") is { IsEmpty: false } order && order.Select((axis, i) => axis == i).All(same => same),
        "Pad" => node.Input(1) is { IsConstant: true, Constant: var widths } && widths!.ToInt64s().All(w => w == 0),
        "Reshape" or "Flatten" or "Expand" or "Squeeze" or "Unsqueeze" or "Tile"
            => context.ShapeOf(input) is { } shape && context.ShapeOf(node.Output) == shape,
        _ => false,
    };

    private static bool Drop(Node node, Value input)
    {
        var (graph, output) = (node.Graph, node.Output);
        bool takesName = output.IsOutput;
        if (takesName && (input.Producer is null || input.Graph != graph || input.IsOutput))
        {
            // A graph's output keeps its name, and so does what is an input, an output, or of a graph around.
            return false;
        }

        string name = output.Name;
        output.ReplaceWith(input);
        input.Type ??= output.Type;
        if (input.Producer is { } producer)
        {
            producer.Source = [.. producer.Source, .. node.Source.Except(producer.Source)];
        }

        graph.Remove(node);
        if (takesName)
        {
            graph.Rename(input, name);
        }

        return true;
    }
}
