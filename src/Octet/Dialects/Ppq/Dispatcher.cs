using Octet.Graphs;

namespace Octet.Dialects.Ppq;

/// <summary>Which operators PPQ sends to a platform (openppl-public/ppq 0.6.6, ppq/scheduler/dispatchers.py); all others stay float.</summary>
internal static class Dispatcher
{
    private static readonly string[] Computing = ["Conv", "Gemm", "ConvTranspose", "MatMul", "Attention"];
    private static readonly string[] ShapeMakers = ["Shape", "TopK", "NonMaxSuppression"];

    // Their first input alone carries values on; the others are shapes and indices.
    private static readonly string[] FirstInputOnly = ["Reshape", "Slice", "Gather", "Pad", "Resize", "Split", "TopK", "Tile", "Expand", "RoiAlign"];

    /// <summary>The nodes that are quantized.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="platform">The platform.</param>
    /// <param name="setting">The dispatcher's name, and platforms for single operators.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: there is no such dispatcher; <see cref="ErrorCodes.DialectUnsupported"/>: an operator is sent to another platform than this one and FP32.</exception>
    public static HashSet<Node> Run(Graph graph, TargetPlatform platform, QuantizationSetting setting)
    {
        var types = platform.QuantTypes;
        var quantized = setting.Dispatcher.ToUpperInvariant() switch
        {
            "CONSERVATIVE" => Reached(graph, Computing.Contains, (_, _) => true, n => !types.Contains(n.OpType) || IsBoundary(n)),
            "AGGRESIVE" or "AGGRESSIVE" => Reached(graph, Computing.Contains, (_, _) => true, n => ShapeMakers.Contains(n.OpType) || IsBoundary(n)),
            "PPLNN" => Reached(graph, t => t == "Conv", (_, to) => types.Contains(to.OpType), n => n.Is("Conv")),
            "POINTWISE" => [.. graph.Nodes.Where(n => Computing.Contains(n.OpType))],
            _ => throw NameSuggestion.Unknown("dispatcher", setting.Dispatcher, ["conservative", "aggresive", "pplnn", "pointwise"]),
        };
        quantized.RemoveWhere(n => !types.Contains(n.OpType));

        // Rectifiers go with what they rectify.
        foreach (var node in graph.Nodes.Where(n => (n.Is("Relu") || n.Is("Clip")) && n.Inputs[0]?.Producer is not null))
        {
            _ = quantized.Contains(node.Inputs[0]!.Producer!) && types.Contains(node.OpType) ? quantized.Add(node) : quantized.Remove(node);
        }

        foreach (var (name, id) in setting.DispatchingTable.Entries())
        {
            if (graph.Nodes.FirstOrDefault(n => n.DisplayName == name || n.Source.Contains(name)) is not { } node)
            {
                continue;
            }

            _ = id == DispatchingTable.Fp32 ? quantized.Remove(node)
                : id == platform.Id ? quantized.Add(node)
                : throw new OctetException(ErrorCodes.DialectUnsupported, $"the dispatching table sends \"{name}\" to platform {id}", $"only {platform.Id} ({platform.Name}) and 0 (FP32) go together here");
        }

        return quantized;
    }

    /// <summary>The nodes on all ways from a start down to an end, both included.</summary>
    private static HashSet<Node> Reached(Graph graph, Func<string, bool> isStart, Func<Node, Node, bool> passes, Func<Node, bool> isEnd)
    {
        // From the last node to the first, so that what follows is known.
        var onWay = new Dictionary<Node, Node[]>();
        foreach (var node in graph.Nodes.Reverse())
        {
            onWay[node] = [.. Readers(node).Where(r => isEnd(r) || (Traces(node, r) && passes(node, r) && onWay[r].Length > 0))];
        }

        // A node may be an end of one way and a start of another: it is followed where it is a start.
        var reached = new HashSet<Node>();
        var followed = new HashSet<Node>();
        var pending = new Stack<Node>(graph.Nodes.Where(n => n.Domain.Length == 0 && isStart(n.OpType) && onWay[n].Length > 0));
        while (pending.TryPop(out var node))
        {
            if (!followed.Add(node))
            {
                continue;
            }

            reached.Add(node);
            foreach (var next in onWay[node])
            {
                reached.Add(next);
                if (!isEnd(next))
                {
                    pending.Push(next);
                }
            }
        }

        return reached;
    }

    private static bool Traces(Node from, Node to)
        => !FirstInputOnly.Contains(to.OpType) ? to.OpType is not ("ConstantOfShape" or "Shape" or "NonMaxSuppression") : to.Inputs[0]?.Producer == from;

    private static bool IsBoundary(Node node) => node.Inputs.All(i => i?.Producer is null) || !Readers(node).Any();

    private static IEnumerable<Node> Readers(Node node) => node.Outputs.OfType<Value>().SelectMany(o => o.Uses).Select(u => u.Node).Distinct();
}
