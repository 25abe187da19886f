using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>Turns a <c>GraphProto</c> into a graph. The message is used up: what the graph holds is removed from it, the rest becomes the graph's origin.</summary>
/// <param name="file">Name of the file, for errors.</param>
/// <param name="irVersion">Of the model: up to 3, initializers are inputs, too, but cannot be replaced by a caller.</param>
/// <param name="external">Where external data lie.</param>
internal sealed class GraphReader(string file, long irVersion, ExternalDataFolder external)
{
    /// <summary>Reads a graph and the graphs inside it.</summary>
    /// <param name="proto">The message, which is changed.</param>
    /// <param name="outer">What names mean around it; null for a main graph.</param>
    /// <exception cref="OctetException">The graph is not sound.</exception>
    public Graph Read(GraphProto proto, ValueScope? outer = null)
    {
        var graph = new Graph(proto.Name, outer?.Graph);
        var scope = new ValueScope(graph, outer, $"{file}, graph \"{graph.Name}\"");
        var nodes = NodeOrder.Sort(proto, scope.Place);
        proto.Node.Clear();
        ReadInputsAndConstants(proto, scope);
        for (int i = 0; i < nodes.Length; i++)
        {
            ReadNode(nodes[i], scope);
            nodes[i] = null!;
        }

        ReadTypes(proto, scope);
        foreach (var output in proto.Output)
        {
            graph.AddOutput(scope.Find(output.Name)
                ?? throw OnnxErrors.Undefined(scope.Place, $"nothing defines the graph's output \"{output.Name}\""));
        }

        graph.Origin = Rest(proto, scope);
        return graph;
    }

    private void ReadInputsAndConstants(GraphProto proto, ValueScope scope)
    {
        var tensors = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
        foreach (var initializer in proto.Initializer)
        {
            if (!tensors.TryAdd(initializer.Name, initializer))
            {
                throw OnnxErrors.Duplicate(scope.Place, $"two initializers are named \"{initializer.Name}\"");
            }
        }

        foreach (var input in proto.Input)
        {
            var initializer = tensors.GetValueOrDefault(input.Name);
            if (initializer is not null && irVersion < 4)
            {
                continue;
            }

            scope.CheckNew(input.Name, "input");
            var value = initializer is null ? null : TensorCodec.Read(initializer, TensorPlace(input.Name), external);
            scope.Define(input.Name, scope.Graph.AddInput(input.Name, TypeCodec.Read(input.Type), value));
        }

        foreach (var initializer in proto.Initializer)
        {
            if (scope.FindHere(initializer.Name) is null)
            {
                scope.CheckNew(initializer.Name, "initializer");
                var tensor = TensorCodec.Read(initializer, TensorPlace(initializer.Name), external);
                scope.Define(initializer.Name, scope.Graph.AddConstant(initializer.Name, tensor));
            }
        }

        foreach (var sparse in proto.SparseInitializer)
        {
            var name = sparse.Values?.Name ?? string.Empty;
            scope.CheckNew(name, "sparse initializer");
            CarriedTensors.RefuseExternal(sparse, TensorPlace(name));
            scope.Define(name, SparseInitializer.Add(scope.Graph, name, sparse));
        }
    }

    private void ReadNode(NodeProto proto, ValueScope scope)
    {
        var place = $"{file}, {NodeOrder.Describe(proto)}";
        if (proto.OpType.Length == 0)
        {
            throw OnnxErrors.Malformed(place, "it names no operator");
        }

        var inputs = new Value?[proto.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = proto.Input[i].Length == 0 ? null : scope.Find(proto.Input[i])
                ?? throw OnnxErrors.Undefined(place, $"nothing defines its input \"{proto.Input[i]}\"");
        }

        var attributes = ReadAttributes(proto, place, scope);
        var outputs = new string?[proto.Output.Count];
        var names = outputs.Length > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (proto.Output[i].Length > 0)
            {
                scope.CheckNew(proto.Output[i], $"an output of {NodeOrder.Describe(proto)},");
                outputs[i] = proto.Output[i];
                if (names?.Add(proto.Output[i]) == false)
                {
                    throw OnnxErrors.Duplicate(place, $"two of its outputs are named \"{outputs[i]}\"");
                }
            }
        }

        var node = scope.Graph.AddNode(proto.OpType, inputs, outputs, OperatorDomain.Normalize(proto.Domain));
        node.Name = proto.Name;
        node.Source = [node.DisplayName];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] is { } name)
            {
                scope.Define(name, node.Outputs[i]!);
            }
        }

        foreach (var (name, value) in attributes)
        {
            node.SetAttribute(name, value);
        }

        node.Origin = Rest(proto, attributes);
    }

    private Dictionary<string, AttributeValue> ReadAttributes(NodeProto proto, string place, ValueScope scope)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var attribute in proto.Attribute)
        {
            var value = AttributeCodec.Read(attribute, $"{place}, attribute \"{attribute.Name}\"", g => Read(g, scope), external);
            if (attribute.Name.Length == 0 || !attributes.TryAdd(attribute.Name, value))
            {
                throw OnnxErrors.Duplicate(place, $"two attributes are named \"{attribute.Name}\", or it has no name");
            }
        }

        return attributes;
    }

    private static void ReadTypes(GraphProto proto, ValueScope scope)
    {
        foreach (var info in proto.ValueInfo.Concat(proto.Output))
        {
            if (scope.FindHere(info.Name) is { Producer: not null } value && TypeCodec.Read(info.Type) is { } type)
            {
                value.Type = type;
            }
        }
    }

    private static NodeProto? Rest(NodeProto proto, Dictionary<string, AttributeValue> attributes)
    {
        var rest = proto.Attribute.Select(a => (Name: a.Name, Left: AttributeCodec.Rest(a, attributes[a.Name]))).Where(a => a.Left is not null).ToArray();
        proto.Input.Clear();
        proto.Output.Clear();
        proto.ClearName();
        proto.ClearOpType();
        proto.ClearDomain();
        proto.Attribute.Clear();
        foreach (var (name, attribute) in rest)
        {
            attribute!.Name = name;
            proto.Attribute.Add(attribute);
        }

        return proto.CalculateSize() > 0 ? proto : null;
    }

    // Of values and initializers the origin keeps only those of which the file says more than the graph holds.
    private static GraphProto Rest(GraphProto proto, ValueScope scope)
    {
        Keep(proto.Input, i => scope.FindHere(i.Name) is { } value && !TypeCodec.Write(value, null).Equals(i));
        Keep(proto.Output, o => scope.FindHere(o.Name) is { } value && !TypeCodec.Write(value, null).Equals(o));
        Keep(proto.ValueInfo, v => scope.FindHere(v.Name) is { } value && !TypeCodec.Write(value, null).Equals(v));
        foreach (var initializer in proto.Initializer)
        {
            initializer.Dims.Clear();
            initializer.ClearDataType();
            initializer.ClearRawData();
            initializer.FloatData.Clear();
            initializer.DoubleData.Clear();
            initializer.Int32Data.Clear();
            initializer.Int64Data.Clear();
            initializer.Uint64Data.Clear();
            initializer.StringData.Clear();
            initializer.ExternalData.Clear();
            initializer.ClearDataLocation();
        }

        Keep(proto.Initializer, i => i.CalculateSize() > new TensorProto { Name = i.Name }.CalculateSize());
        proto.SparseInitializer.Clear();
        proto.ClearName();
        return proto;
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> items, Func<T, bool> isKept)
    {
        var kept = items.Where(isKept).ToArray();
        items.Clear();
        items.AddRange(kept);
    }

    private string TensorPlace(string name) => $"{file}, tensor \"{name}\"";
}
