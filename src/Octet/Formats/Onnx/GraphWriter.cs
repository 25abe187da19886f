using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>Turns a graph into a <c>GraphProto</c>.</summary>
/// <param name="irVersion">Of the model: up to 3, initializers must be listed as inputs, too.</param>
/// <param name="external">Takes the data of initializers that go to another file; null where none do.</param>
internal sealed class GraphWriter(long irVersion, ExternalDataLayout? external)
{
    /// <summary>Writes a graph and the graphs inside it. The message shares the tensors' memory, and what the file says beyond the graph.</summary>
    public GraphProto Write(Graph graph)
    {
        var rest = graph.Origin as GraphProto ?? new GraphProto();
        var proto = new GraphProto();
        proto.MergeFrom(rest);
        proto.Input.Clear();
        proto.Output.Clear();
        proto.ValueInfo.Clear();
        proto.Initializer.Clear();
        proto.Name = graph.Name;

        var inputs = ByName(rest.Input);
        var outputs = ByName(rest.Output);
        var infos = ByName(rest.ValueInfo);
        var tensors = rest.Initializer.ToDictionary(i => i.Name, StringComparer.Ordinal);
        proto.Input.AddRange(graph.Inputs.Select(v => TypeCodec.Write(v, inputs.GetValueOrDefault(v.Name))));
        if (irVersion < 4)
        {
            proto.Input.AddRange(graph.Constants.Where(v => !v.IsInput).Select(v => TypeCodec.Write(v, inputs.GetValueOrDefault(v.Name))));
        }

        proto.Output.AddRange(graph.Outputs.Select(v => TypeCodec.Write(v, outputs.GetValueOrDefault(v.Name))));
        foreach (var value in graph.Constants)
        {
            proto.Initializer.Add(WriteInitializer(value, tensors.GetValueOrDefault(value.Name)));
        }

        foreach (var node in graph.Nodes)
        {
            if (SparseInitializer.Of(node) is { } sparse)
            {
                proto.SparseInitializer.Add(sparse);
            }
            else
            {
                proto.Node.Add(WriteNode(node));
            }
        }

        var listed = graph.Outputs.ToHashSet();
        proto.ValueInfo.AddRange(graph.Values
            .Where(v => v is { Type: not null, Producer: not null } && !listed.Contains(v))
            .Select(v => TypeCodec.Write(v, infos.GetValueOrDefault(v.Name))));
        return proto;
    }

    private static Dictionary<string, ValueInfoProto> ByName(IEnumerable<ValueInfoProto> infos)
    {
        var byName = new Dictionary<string, ValueInfoProto>(StringComparer.Ordinal);
        foreach (var info in infos)
        {
            byName.TryAdd(info.Name, info);
        }

        return byName;
    }

    private TensorProto WriteInitializer(Value value, TensorProto? rest)
    {
        var tensor = value.Constant!;
        var proto = external?.TryTake(tensor, value.Name) ?? TensorCodec.Write(tensor, value.Name);
        if (rest is not null)
        {
            proto.MergeFrom(rest);
        }

        return proto;
    }

    private NodeProto WriteNode(Node node)
    {
        var rest = node.Origin as NodeProto ?? new NodeProto();
        var proto = new NodeProto();
        proto.MergeFrom(rest);
        proto.Attribute.Clear();
        proto.OpType = node.OpType;
        if (node.Name.Length > 0)
        {
            proto.Name = node.Name;
        }

        if (node.Domain.Length > 0)
        {
            proto.Domain = node.Domain;
        }

        proto.Input.AddRange(node.Inputs.Select(v => v?.Name ?? string.Empty));
        proto.Output.AddRange(node.Outputs.Select(v => v?.Name ?? string.Empty));
        var attributes = rest.Attribute.ToDictionary(a => a.Name, StringComparer.Ordinal);
        foreach (var (name, value) in node.Attributes)
        {
            proto.Attribute.Add(AttributeCodec.Write(name, value, attributes.GetValueOrDefault(name), Write));
        }

        return proto;
    }
}
