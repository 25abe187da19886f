using Google.Protobuf;
using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>Thin.</summary>
public static class OnnxFormat
{
    /// <summary>Reads.</summary>
    public static Model Read(string path)
    {
        var proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var external = new ExternalDataFolder(Path.GetDirectoryName(Path.GetFullPath(path)));
        var model = new Model(ReadGraph(proto.Graph, null, external)) { SourcePath = path };
        foreach (var opset in proto.OpsetImport) model.Opsets[opset.Domain ?? ""] = opset.Version;
        foreach (var entry in proto.MetadataProps) model.Metadata[entry.Key] = entry.Value;
        proto.Graph = null;
        model.Origin = proto;
        return model;
    }

    /// <summary>Writes.</summary>
    public static void Write(Model model, string path) => File.WriteAllBytes(path, ToBytes(model));

    /// <summary>Bytes.</summary>
    public static byte[] ToBytes(Model model)
    {
        var proto = (model.Origin as ModelProto)?.Clone() ?? new ModelProto { IrVersion = 8 };
        proto.OpsetImport.Clear();
        foreach (var (d, v) in model.Opsets) proto.OpsetImport.Add(new OperatorSetIdProto { Domain = d, Version = v });
        proto.MetadataProps.Clear();
        foreach (var (k, v) in model.Metadata) proto.MetadataProps.Add(new StringStringEntryProto { Key = k, Value = v });
        proto.Graph = WriteGraph(model.Graph);
        return proto.ToByteArray();
    }

    private static Graph ReadGraph(GraphProto proto, Graph? parent, ExternalDataFolder external)
    {
        var graph = new Graph(proto.Name, parent);
        var tensors = proto.Initializer.ToDictionary(i => i.Name, i => TensorCodec.Read(i, i.Name, external));
        foreach (var input in proto.Input) graph.AddInput(input.Name, TypeCodec.Read(input.Type), tensors.GetValueOrDefault(input.Name));
        foreach (var (n, t) in tensors) if (graph.Find(n) is null) graph.AddConstant(n, t);
        foreach (var node in proto.Node)
        {
            var made = graph.AddNode(node.OpType, node.Input.Select(i => i.Length == 0 ? null : graph.Resolve(i)), node.Output.Select(o => o.Length == 0 ? null : o), node.Domain);
            made.Name = node.Name;
            made.Source = [made.DisplayName];
            foreach (var a in node.Attribute) made.SetAttribute(a.Name, AttributeCodec.Read(a, a.Name, g => ReadGraph(g, graph, external), external));
        }
        foreach (var info in proto.ValueInfo) if (graph.Find(info.Name) is { } v) v.Type ??= TypeCodec.Read(info.Type);
        foreach (var output in proto.Output) { var v = graph.Resolve(output.Name)!; v.Type ??= TypeCodec.Read(output.Type); graph.AddOutput(v); }
        return graph;
    }

    private static GraphProto WriteGraph(Graph graph)
    {
        var proto = new GraphProto { Name = graph.Name };
        foreach (var c in graph.Constants) proto.Initializer.Add(TensorCodec.Write(c.Constant!, c.Name));
        foreach (var i in graph.Inputs) proto.Input.Add(TypeCodec.Write(i, null));
        foreach (var o in graph.Outputs) proto.Output.Add(TypeCodec.Write(o, null));
        foreach (var node in graph.Nodes)
        {
            var n = new NodeProto { OpType = node.OpType, Name = node.Name, Domain = node.Domain };
            n.Input.AddRange(node.Inputs.Select(i => i?.Name ?? ""));
            n.Output.AddRange(node.Outputs.Select(i => i?.Name ?? ""));
            foreach (var (name, a) in node.Attributes) n.Attribute.Add(AttributeCodec.Write(name, a, null, WriteGraph));
            proto.Node.Add(n);
        }
        return proto;
    }
}
