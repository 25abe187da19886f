using Google.Protobuf;
using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>Reads and writes ONNX models.</summary>
public static class OnnxFormat
{
    /// <summary>Reads a model file.</summary>
    public static Model Read(string path)
    {
        var proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var external = new ExternalDataFolder(Path.GetDirectoryName(Path.GetFullPath(path)));
        var model = new Model(ReadGraph(proto.Graph, null, external)) { SourcePath = path };
        foreach (var opset in proto.OpsetImport)
        {
            model.Opsets[opset.Domain ?? string.Empty] = opset.Version;
        }

        foreach (var entry in proto.MetadataProps)
        {
            model.Metadata[entry.Key] = entry.Value;
        }

        proto.Graph = null;
        model.Origin = proto;
        return model;
    }

    /// <summary>Writes a model file.</summary>
    public static void Write(Model model, string path) => File.WriteAllBytes(path, ToBytes(model));

    /// <summary>The bytes of a model file.</summary>
    public static byte[] ToBytes(Model model)
    {
        var proto = (model.Origin as ModelProto)?.Clone() ?? new ModelProto { IrVersion = 8 };
        proto.OpsetImport.Clear();
        proto.OpsetImport.AddRange(model.Opsets.Select(o => new OperatorSetIdProto { Domain = o.Key, Version = o.Value }));
        proto.MetadataProps.Clear();
        proto.MetadataProps.AddRange(model.Metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        proto.Graph = WriteGraph(model.Graph);
        return proto.ToByteArray();
    }

    private static Graph ReadGraph(GraphProto proto, Graph? parent, ExternalDataFolder external)
    {
        var graph = new Graph(proto.Name, parent);
        var tensors = proto.Initializer.ToDictionary(i => i.Name, i => TensorCodec.Read(i, i.Name, external));
        foreach (var input in proto.Input)
        {
            graph.AddInput(input.Name, TypeCodec.Read(input.Type), tensors.GetValueOrDefault(input.Name));
        }

        foreach (var (name, tensor) in tensors.Where(t => graph.Find(t.Key) is null))
        {
            graph.AddConstant(name, tensor);
        }

        foreach (var node in proto.Node)
        {
            var made = graph.AddNode(
                node.OpType,
                node.Input.Select(i => i.Length == 0 ? null : graph.Resolve(i)),
                node.Output.Select(o => o.Length == 0 ? null : o),
                node.Domain);
            made.Name = node.Name;
            made.Source = [made.DisplayName];
            foreach (var attribute in node.Attribute)
            {
                made.SetAttribute(
                    attribute.Name, AttributeCodec.Read(attribute, attribute.Name, g => ReadGraph(g, graph, external), external));
            }
        }

        foreach (var info in proto.ValueInfo)
        {
            if (graph.Find(info.Name) is { } value)
            {
                value.Type ??= TypeCodec.Read(info.Type);
            }
        }

        foreach (var output in proto.Output)
        {
            var value = graph.Resolve(output.Name) ?? throw OnnxErrors.Undefined(graph.Name, $"output {output.Name} is not defined");
            value.Type ??= TypeCodec.Read(output.Type);
            graph.AddOutput(value);
        }

        return graph;
    }

    private static GraphProto WriteGraph(Graph graph)
    {
        var proto = new GraphProto { Name = graph.Name };
        proto.Initializer.AddRange(graph.Constants.Select(c => TensorCodec.Write(c.Constant!, c.Name)));
        proto.Input.AddRange(graph.Inputs.Select(i => TypeCodec.Write(i, null)));
        proto.Output.AddRange(graph.Outputs.Select(o => TypeCodec.Write(o, null)));
        foreach (var node in graph.Nodes)
        {
            var message = new NodeProto { OpType = node.OpType, Name = node.Name, Domain = node.Domain };
            message.Input.AddRange(node.Inputs.Select(i => i?.Name ?? string.Empty));
            message.Output.AddRange(node.Outputs.Select(o => o?.Name ?? string.Empty));
            message.Attribute.AddRange(node.Attributes.Select(a => AttributeCodec.Write(a.Key, a.Value, null, WriteGraph)));
            proto.Node.Add(message);
        }

        return proto;
    }
}
