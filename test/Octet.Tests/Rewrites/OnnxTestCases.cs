using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Rewrites;

/// <summary>The test cases of ONNX's own backend tests that Debian's libonnx-testdata installs: small models of every operator with inputs.</summary>
internal static class OnnxTestCases
{
    private static readonly string Root = Path.Combine(Path.DirectorySeparatorChar + "usr", "share", "libonnx-testdata", "data");

    public static string? SkipReason => Directory.Exists(Root) ? null : "needs Debian's libonnx-testdata";

    /// <summary>Names (kind/test) and models of a range of operator sets, in a fixed order.</summary>
    public static IEnumerable<(string Name, Model Model)> OfOpsets(long oldest, long newest)
    {
        foreach (string path in Directory.EnumerateFiles(Root, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            long version = proto.OpsetImport.Where(o => o.Domain.Length == 0).Select(o => o.Version).FirstOrDefault();
            if (version >= oldest && version <= newest)
            {
                yield return (Path.GetRelativePath(Root, Path.GetDirectoryName(path)!).Replace('\\', '/'), OnnxFormat.Read(path));
            }
        }
    }

    /// <summary>The inputs of a case's first data set; null where one is no tensor or is missing.</summary>
    public static Dictionary<string, Tensor>? InputsOf(string name, Model model)
    {
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Value[] needed = [.. model.Graph.Inputs.Where(i => i.Constant is null)];
        for (int i = 0; i < needed.Length; i++)
        {
            string path = Path.Combine(Root, name, "test_data_set_0", $"input_{i}.pb");
            if (needed[i].TensorType is null || !File.Exists(path))
            {
                return null;
            }

            var proto = TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
            var tensor = TensorCodec.Read(proto, name, new ExternalDataFolder(null));
            if (tensor.Type == ElementType.String)
            {
                return null;
            }

            inputs.Add(needed[i].Name, tensor);
        }

        return inputs;
    }

    /// <summary>The tensors that a model gives; null for an output that is no tensor of numbers.</summary>
    public static Tensor?[] Run(Model model, Dictionary<string, Tensor> inputs)
    {
        using var session = FloatEquality.Open(model);
        using var outputs = session.Run(inputs);
        return [.. outputs.Names.Select((_, i) => outputs.TypeOf(i).BitWidth() == 0 ? null : outputs.ToTensor(i))];
    }
}
