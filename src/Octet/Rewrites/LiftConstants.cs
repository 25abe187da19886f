using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>Turns Constant nodes into constants of the graph, so that everything that asks for a known value finds it in one form.</summary>
public sealed class LiftConstants : IRewrite
{
    /// <inheritdoc/>
    public string Name => "lift-constants";

    /// <inheritdoc/>
    public string Description => "Constant nodes become constants of the graph";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var node in context.Graph.AllNodes.Where(n => n.Is("Constant") && n.Outputs is [{ IsOutput: false }]))
        {
            if (ValueOf(node) is { } tensor)
            {
                Merging.ReplaceByConstant(node.Output, tensor);
                node.Graph.Remove(node);
                changes++;
            }
        }

        return changes;
    }

    private static Tensor? ValueOf(Node node) => node.Attributes.Count != 1 ? null : node.Attributes.Single() switch
    {
        ("value", AttributeValue.OfTensor a) => a.Value,
        ("value_float", AttributeValue.Float a) => Tensor.Scalar(a.Value),
        ("value_floats", AttributeValue.Floats a) => Tensor.FromArray([.. a.Values], new Shape(a.Values.Length)),
        ("value_int", AttributeValue.Int a) => Tensor.Scalar(a.Value),
        ("value_ints", AttributeValue.Ints a) => Tensor.FromArray([.. a.Values], new Shape(a.Values.Length)),
        _ => null,
    };
}
