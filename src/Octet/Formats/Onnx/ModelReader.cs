using Google.Protobuf;
using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>Turns the bytes of a model file into a model.</summary>
internal static class ModelReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">Name of the file, for errors.</param>
    /// <param name="folder">Full path of the file's folder; null where external data are not allowed.</param>
    /// <exception cref="OctetException">The file is not a sound model.</exception>
    public static Model Read(ReadOnlySpan<byte> bytes, string name, string? folder)
    {
        var proto = Parse(bytes, name);
        if (proto.Graph is null)
        {
            throw OnnxErrors.Malformed(name, "it holds no graph");
        }

        foreach (var carried in proto.Functions.Concat<IMessage>(proto.TrainingInfo))
        {
            CarriedTensors.RefuseExternal(carried, name);
        }

        var graph = proto.Graph;
        proto.Graph = null;
        var model = new Model(new GraphReader(name, proto.IrVersion, new ExternalDataFolder(folder)).Read(graph)) { SourcePath = folder is null ? null : Path.Combine(folder, name) };
        ReadOpsets(proto, model, name);
        foreach (var entry in proto.MetadataProps)
        {
            model.Metadata[entry.Key] = entry.Value;
        }

        proto.MetadataProps.Clear();
        model.Origin = proto;
        return model;
    }

    private static ModelProto Parse(ReadOnlySpan<byte> bytes, string name)
    {
        WireScan.Check(bytes, name);
        try
        {
            return ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw OnnxErrors.Malformed(name, e.Message, e);
        }
    }

    private static void ReadOpsets(ModelProto proto, Model model, string name)
    {
        foreach (var opset in proto.OpsetImport)
        {
            var domain = OperatorDomain.Normalize(opset.Domain);
            if (model.Opsets.TryGetValue(domain, out long version) && version != opset.Version)
            {
                throw OnnxErrors.Duplicate(name, $"operator set \"{opset.Domain}\" is imported in versions {version} and {opset.Version}");
            }

            model.Opsets[domain] = opset.Version;
        }

        // Up to IR version 2 there was one operator set, which files did not name.
        if (proto.IrVersion < 3)
        {
            model.Opsets.TryAdd(string.Empty, 1);
        }
    }
}
