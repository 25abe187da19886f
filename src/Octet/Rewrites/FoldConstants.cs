using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>
/// Computes, once and with ONNX Runtime, what depends on constants alone, and the shapes of values whose shape is fixed. Random numbers,
/// operators of other sets, nodes with graphs inside and whatever would make the file much larger stay; so do quantized constants.
/// </summary>
public sealed class FoldConstants : IRewrite
{
    // Above this a result is kept only where it is no larger than what it was computed from.
    private const long MostBytes = 64 << 10;

    // What one session holds at once. The rest waits for the next round.
    private const long MostBytesAtOnce = 512L << 20;

    // ONNX Runtime tells a scalar and a value of unknown rank alike. Results of these operators are bounded by their inputs all the same.
    private const long MostElementsUntyped = 1024;

    private static readonly ImmutableHashSet<string> Kept =
    [
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli", "Dropout",
        "DequantizeLinear", "QuantizeLinear", "DynamicQuantizeLinear",
    ];

    private static readonly ImmutableHashSet<string> Bounded =
    [
        "Add", "Cast", "Ceil", "Concat", "Div", "Equal", "Floor", "Gather", "Identity", "Max", "Min", "Mod", "Mul", "Neg", "Not", "ReduceMax", "ReduceMin",
        "ReduceProd", "ReduceSum", "Reshape", "Slice", "Sqrt", "Squeeze", "Sub", "Unsqueeze", "Where",
    ];

    /// <inheritdoc/>
    public string Name => "fold-constants";

    /// <inheritdoc/>
    public string Description => "What depends on constants alone is computed once";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Graph[] graphs = [.. context.Graph.AllNodes.SelectMany(n => n.Subgraphs).Prepend(context.Graph)];
        int changes = graphs.Sum(g => FoldShapes(g, context)) + graphs.Sum(g => FoldComputed(g, context));
        if (changes > 0)
        {
            context.Graph.RemoveUnused();
        }

        return changes;
    }

    private static int FoldShapes(Graph graph, RewriteContext context)
    {
        int changes = 0;
        foreach (var node in graph.Nodes.Where(n => (n.Is("Shape") || n.Is("Size")) && n.Outputs is [{ IsOutput: false }] && n.Input(0) is not null))
        {
            if (context.ShapeOf(node.Inputs[0]!) is { } shape)
            {
                Merging.ReplaceByConstant(node.Output, node.Is("Size") ? Tensor.Scalar(shape.Count) : Part(node, shape));
                graph.Remove(node);
                changes++;
            }
        }

        return changes;
    }

    private static Tensor Part(Node node, Shape shape)
    {
        int start = Bound(node.GetInt("start", 0));
        int end = Math.Max(start, Bound(node.GetInt("end", shape.Rank)));
        return Tensor.FromArray([.. shape.Dimensions[start..end]], new Shape(end - start));

        int Bound(long position) => (int)Math.Clamp(position < 0 ? position + shape.Rank : position, 0, shape.Rank);
    }

    private static int FoldComputed(Graph graph, RewriteContext context)
    {
        var known = new HashSet<Value>();
        var nodes = new List<Node>();
        long bytes = 0;
        foreach (var node in graph.Nodes.Where(n => IsDeterministic(n) && n.Inputs.All(i => i is null || i.IsConstant || known.Contains(i))))
        {
            long read = node.Inputs.Where(i => i is { IsConstant: true }).Sum(i => i!.Constant!.Storage.Length);
            if (node.Inputs.Any(i => i is not null) && bytes + read <= MostBytesAtOnce && node.Outputs.All(o => o is null || IsSmall(o, node, context)))
            {
                bytes += read;
                nodes.Add(node);
                known.UnionWith(node.Outputs.OfType<Value>());
            }
        }

        var inside = nodes.ToHashSet();
        Value[] wanted = [.. known.Where(v => v.Uses.Any(u => !inside.Contains(u.Node)))];
        if (wanted.Length == 0 || Evaluate(nodes, wanted, context.Model) is not { } tensors)
        {
            return 0;
        }

        int changes = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (tensors[i].Storage.Length <= MostBytes || context.ShapeOf(wanted[i]) is not null)
            {
                Merging.ReplaceByConstant(wanted[i], tensors[i]);
                changes++;
            }
        }

        return changes;
    }

    private static bool IsDeterministic(Node node) => node.Domain.Length == 0
        && !Kept.Contains(node.OpType)
        && !node.Attributes.Values.Any(a => a is AttributeValue.Opaque or AttributeValue.OfGraph or AttributeValue.OfGraphs)
        && node.GetInt("training_mode", 0) == 0
        && !node.Outputs.Any(o => o is { IsOutput: true });

    private static bool IsSmall(Value output, Node node, RewriteContext context)
    {
        if (context.ShapeOf(output) is { } shape)
        {
            var type = context.TypeOf(output)!.ElementType;
            long before = node.Inputs.OfType<Value>().Sum(i => context.ShapeOf(i) is { } s ? context.TypeOf(i)!.ElementType.ByteCount(s.Count) : 0);
            return type.BitWidth() > 0 && type.ByteCount(shape.Count) <= Math.Max(MostBytes, before);
        }

        return Bounded.Contains(node.OpType) && node.Inputs.All(i => i is not { IsConstant: true } || (i.Constant!.Count <= MostElementsUntyped && i.Constant.Type.BitWidth() > 0));
    }

    /// <summary>Runs the nodes; null where ONNX Runtime refuses them: the model's fault is then told where it is run in earnest.</summary>
    private static Tensor[]? Evaluate(List<Node> nodes, Value[] wanted, Model model)
    {
        var graph = new Graph("constants");
        var map = new Dictionary<Value, Value>();
        foreach (var node in nodes)
        {
            foreach (var input in node.Inputs.OfType<Value>().Where(i => i.IsConstant && !map.ContainsKey(i)))
            {
                map.Add(input, graph.AddConstant(input.Name, input.Constant!));
            }

            var copy = graph.AddNode(node.OpType, node.Inputs.Select(i => i is null ? null : map[i]), node.Outputs.Select(o => o?.Name));
            foreach (var (name, attribute) in node.Attributes)
            {
                copy.SetAttribute(name, attribute);
            }

            for (int i = 0; i < node.Outputs.Length; i++)
            {
                if (node.Outputs[i] is { } output)
                {
                    map.Add(output, copy.Outputs[i]!);
                }
            }
        }

        foreach (var value in wanted)
        {
            graph.AddOutput(map[value]);
        }

        var part = new Model(graph) { Opsets = { [string.Empty] = model.Opsets[string.Empty] } };
        try
        {
            using var session = new FloatSession(part, new FloatSessionOptions { Optimization = GraphOptimization.None, Arena = false });
            using var outputs = session.Run(new Dictionary<string, Tensor>());
            return [.. wanted.Select((_, i) => outputs.ToTensor(i))];
        }
        catch (OctetException e) when (e.Code is ErrorCodes.RuntimeRefusedModel or ErrorCodes.RunFailed or ErrorCodes.UnsupportedOutput or ErrorCodes.ModelTooLarge)
        {
            return null;
        }
    }
}
