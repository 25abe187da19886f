using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>
/// A sparse constant of a graph. The graph shows it as a Constant node with a <c>sparse_value</c>, which means the same; the node's
/// origin makes the writer put it back where it was.
/// </summary>
internal static class SparseInitializer
{
    /// <summary>Adds the constant to a graph.</summary>
    public static Value Add(Graph graph, string name, SparseTensorProto sparse)
    {
        var node = graph.AddNode("Constant", [], [name]);
        node.Source = [name];
        node.SetAttribute("sparse_value", new AttributeValue.Opaque(new AttributeProto
        {
            Name = "sparse_value",
            Type = AttributeProto.Types.AttributeType.SparseTensor,
            SparseTensor = sparse,
        }));
        node.Origin = sparse;
        return node.Output;
    }

    /// <summary>The sparse constant that a node stands for; null for any other node.</summary>
    public static SparseTensorProto? Of(Node node)
    {
        if (node.Origin is not SparseTensorProto || node.Attributes.GetValueOrDefault("sparse_value") is not AttributeValue.Opaque { Payload: AttributeProto attribute })
        {
            return null;
        }

        var sparse = attribute.SparseTensor.Clone();
        sparse.Values.Name = node.Output.Name;
        return sparse;
    }
}
