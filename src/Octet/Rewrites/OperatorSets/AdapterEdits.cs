using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites.OperatorSets;

/// <summary>What several adapters do.</summary>
internal static class AdapterEdits
{
    /// <summary>Moves an attribute of integers to input <paramref name="index"/>, a vector; nothing where it is absent.</summary>
    public static void MoveInts(Node node, string attribute, int index)
    {
        if (node.Attributes.GetValueOrDefault(attribute) is AttributeValue.Ints)
        {
            node.SetInput(index, Constant(node, attribute, node.GetInts(attribute)));
            node.RemoveAttribute(attribute);
        }
    }

    /// <summary>A new vector of integers, named after the node's output.</summary>
    public static Value Constant(Node node, string what, ImmutableArray<long> values)
        => node.Graph.AddConstant(NameOf(node, what), Tensor.FromArray([.. values], new Shape(values.Length)));

    /// <summary>A new scalar of the element type that the node's first input has.</summary>
    public static Value Scalar(Node node, string what, float value, RewriteContext context)
    {
        var tensor = context.TypeOf(node.Inputs[0]!)?.ElementType switch
        {
            ElementType.Float64 => Tensor.Scalar((double)value),
            ElementType.Float16 => Tensor.Scalar((Half)value),
            _ => Tensor.Scalar(value),
        };
        return node.Graph.AddConstant(NameOf(node, what), tensor);
    }

    /// <summary>The error that a node cannot be expressed in a newer operator set.</summary>
    public static OctetException Refuse(Node node, long version, string why) => new(
        ErrorCodes.OpsetUnsupported,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"node \"{node.DisplayName}\" ({node.OpType}) has no form in operator set {version}: {why}"),
        "export the model with operator set 13 or newer");

    private static string NameOf(Node node, string what) => $"{node.Output.Name}_{what}";
}
