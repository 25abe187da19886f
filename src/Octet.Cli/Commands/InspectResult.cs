using Octet.Graphs;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet inspect</c>.</summary>
internal sealed record InspectResult
{
    /// <summary>Version of Octet.</summary>
    public required string Version { get; init; }

    /// <summary>Path of the model, as the user gave it.</summary>
    public required string Model { get; init; }

    /// <summary>Size of the model file, without external data.</summary>
    public required long Bytes { get; init; }

    /// <summary>Version of every operator set, by domain.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Inputs that a run must give.</summary>
    public required IReadOnlyList<Port> Inputs { get; init; }

    /// <summary>Outputs.</summary>
    public required IReadOnlyList<Port> Outputs { get; init; }

    /// <summary>Number of nodes by operator, those of inner graphs included.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>Values of all constants.</summary>
    public required long ConstantValues { get; init; }

    /// <summary>Bytes of all constants.</summary>
    public required long ConstantBytes { get; init; }

    /// <summary>Quantization that the model holds already.</summary>
    public required FoundQuantization Quantization { get; init; }

    /// <summary>Free texts of the file.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The nodes of the main graph but those that only hold a constant, in running order.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    /// <summary>Looks into a model.</summary>
    /// <param name="path">The file that it was read from.</param>
    /// <param name="model">The model.</param>
    public static InspectResult Of(string path, Model model)
    {
        var graph = model.Graph;
        return new InspectResult
        {
            Version = Application.Version,
            Model = path,
            Bytes = new FileInfo(path).Length,
            Opsets = model.Opsets,
            Inputs = [.. graph.Inputs.Where(i => i.Constant is null).Select(PortOf)],
            Outputs = [.. graph.Outputs.Select(PortOf)],
            Operators = new SortedDictionary<string, int>(graph.AllNodes.CountBy(NameOf).ToDictionary(c => c.Key, c => c.Value), StringComparer.Ordinal),
            ConstantValues = graph.Constants.Sum(c => c.Constant!.Count),
            ConstantBytes = graph.Constants.Sum(c => c.Constant!.Storage.Length),
            Quantization = FoundQuantization.In(model),
            Metadata = model.Metadata,
            Layers = [.. graph.Nodes.Where(n => !n.Is("Constant")).Select(LayerOf)],
        };
    }

    private static Port PortOf(Value value) => new(value.Name, value.Type?.ToString() ?? "?");

    private static string NameOf(Node node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";

    private static Layer LayerOf(Node node)
    {
        Value[] constants = [.. node.Inputs.OfType<Value>().Where(i => i.Constant is not null)];
        var largest = constants.MaxBy(c => c.Constant!.Count)?.Constant;
        return new Layer(
            node.DisplayName,
            NameOf(node),
            node.Outputs.OfType<Value>().FirstOrDefault()?.TensorType?.ToString(),
            largest is null ? null : $"{largest.Type}{largest.Shape}",
            constants.Sum(c => c.Constant!.Count));
    }

    /// <summary>An input or output.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">Its type and shape as the file states them, for example <c>Float32[N,3,224,224]</c>.</param>
    internal sealed record Port(string Name, string Type)
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Name}: {Type}";
    }

    /// <summary>A node.</summary>
    /// <param name="Name">The user's name for it.</param>
    /// <param name="OpType">Operator, with its domain where it is not ONNX's own.</param>
    /// <param name="Output">Type and shape of its first output, where the file states them.</param>
    /// <param name="Weights">Type and shape of its largest constant; null without any.</param>
    /// <param name="Parameters">Values of all its constants.</param>
    internal sealed record Layer(string Name, string OpType, string? Output, string? Weights, long Parameters);
}
