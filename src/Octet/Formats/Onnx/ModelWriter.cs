using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>Turns a model into a <c>ModelProto</c>.</summary>
internal static class ModelWriter
{
    /// <summary>Writes a model. The message shares the tensors' memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="external">Takes the data of initializers that go to another file; null where none do.</param>
    public static ModelProto Write(Model model, ExternalDataLayout? external)
    {
        var rest = model.Origin as ModelProto;
        var proto = new ModelProto();
        if (rest is null)
        {
            proto.ProducerName = "Octet";
        }
        else
        {
            proto.MergeFrom(rest);
        }

        proto.IrVersion = IrVersion(model, rest);
        proto.OpsetImport.Clear();
        proto.OpsetImport.AddRange(model.Opsets.Select(o => new OperatorSetIdProto { Domain = o.Key, Version = o.Value }));
        proto.MetadataProps.AddRange(model.Metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        proto.Graph = new GraphWriter(proto.IrVersion, external).Write(model.Graph);
        return proto;
    }

    // A file keeps its version, so that it runs where it ran, unless its operator set was raised.
    private static long IrVersion(Model model, ModelProto? rest)
    {
        long opset = model.Opsets.GetValueOrDefault(string.Empty);
        long before = rest?.OpsetImport.Where(o => OperatorDomain.Normalize(o.Domain).Length == 0).Select(o => o.Version).FirstOrDefault() ?? 0;
        long version = rest is { HasIrVersion: true } && opset <= before ? rest.IrVersion : Math.Max(rest?.IrVersion ?? 0, IrVersions.For(opset));
        return model.Graph.Constants.Any(c => c.Constant!.Type is ElementType.Int4 or ElementType.UInt4) ? Math.Max(version, IrVersions.FourBits) : version;
    }
}
