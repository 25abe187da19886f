using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;
using Octet.Rewrites;

namespace Octet.Refinement;

/// <summary>A quantized activation that matrix products read, whose channels (the last axis) can be divided if the rows of their weights are multiplied.</summary>
/// <param name="Activation">The activation.</param>
/// <param name="Layers">The plans of the products: MatMul or Gemm.</param>
/// <param name="Readers">Where these, or reshapes in front of them, read the activation.</param>
/// <param name="Channels">The length of its last axis.</param>
/// <param name="Division">The constants that take up the division; null where it needs a product of its own.</param>
internal sealed record SmoothingSite(Value Activation, ImmutableArray<LayerPlan> Layers, ImmutableArray<Use> Readers, int Channels, ChannelDivision? Division)
{
    /// <summary>All sites of a graph. Those without <see cref="Division"/> are floats in front of their quantization: elsewhere a product would come too late.</summary>
    /// <param name="graph">A float graph.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="types">Shapes of one sample.</param>
    public static IReadOnlyList<SmoothingSite> Find(Graph graph, Plan plan, ObservedTypes types)
    {
        LayerPlan[] products = [.. plan.WeightedLayers.Where(l => l.OpType is "MatMul" or "Gemm")];
        var members = products.Select(l => l.NodeIn(graph)).ToHashSet();
        var floats = plan.Layers.Where(l => l.Decision == LayerDecision.Float).Select(l => l.NodeIn(graph)).ToHashSet();
        var sites = new List<SmoothingSite>();
        foreach (var group in products.GroupBy(l => Origin(l.NodeIn(graph).Inputs[0]!, members, types)))
        {
            var activation = group.Key;
            if (LastOf(activation, types) is not { } channels || types.ShapeOf(activation)!.Value.Rank < 2 || activation.Producer is null)
            {
                continue;
            }

            Use[] readers = [.. activation.Uses.Where(u => IsInFront(u, members, types))];
            var division = readers.Length == activation.Uses.Count && !activation.IsOutput ? ChannelDivision.Of(activation, channels, plan, types) : null;
            if (division is not null || floats.Contains(activation.Producer))
            {
                sites.Add(new SmoothingSite(activation, [.. group], [.. readers], channels, division));
            }
        }

        return sites;
    }

    /// <summary>The weights of a product as rows of one input channel each.</summary>
    public static (float[] Values, int Outputs) RowsOf(Node product)
    {
        var tensor = product.Inputs[1]!.Constant!;
        float[] values = tensor.ToFloats();
        bool outputsFirst = IsTransposed(product);
        int outputs = (int)tensor.Shape[outputsFirst ? 0 : 1];
        int inputs = values.Length / outputs;
        return (outputsFirst ? [.. Enumerable.Range(0, values.Length).Select(i => values[(i % outputs * inputs) + (i / outputs)])] : values, outputs);
    }

    /// <summary>Divides the activation and multiplies the weights.</summary>
    /// <param name="factors">One a channel, &gt; 0.</param>
    public void Apply(float[] factors)
    {
        var graph = Activation.Graph;
        foreach (var product in Layers.Select(l => l.NodeIn(graph)))
        {
            var tensor = product.Inputs[1]!.Constant!;
            int inner = IsTransposed(product) ? 1 : (int)tensor.Shape[1];
            float[] values = tensor.ToFloats();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= factors[i / inner % Channels];
            }

            Merging.SetFloats(product, 1, values, tensor.Shape, product.Inputs[1]!.Name);
        }

        if (Division is not null)
        {
            Division.Apply(factors);
            return;
        }

        var reciprocals = graph.AddConstant(Activation.Name + "_smoothing", Tensor.FromArray(Array.ConvertAll(factors, f => 1 / f), new Shape(Channels)));
        var divided = graph.Add("Mul", [Activation, reciprocals], Activation.Name + "_smoothed", before: Activation.Producer!.Next);
        divided.Producer!.Name = divided.Name;
        foreach (var reader in Readers)
        {
            reader.Node.SetInput(reader.Index, divided);
        }
    }

    private static bool IsTransposed(Node product) => product.Is("Gemm") && product.GetInt("transB", 0) != 0;

    // What a product reads, before reshapes that keep the channels apart and that only products read.
    private static Value Origin(Value value, HashSet<Node> members, ObservedTypes types)
    {
        while (value.Producer is { } reshape && IsReshape(reshape, members, types))
        {
            value = reshape.Inputs[0]!;
        }

        return value;
    }

    private static bool IsInFront(Use use, HashSet<Node> members, ObservedTypes types)
        => use.Index == 0 && (members.Contains(use.Node) || IsReshape(use.Node, members, types));

    private static bool IsReshape(Node node, HashSet<Node> members, ObservedTypes types)
        => node.Is("Reshape") && !node.Output.IsOutput && node.Inputs[0]!.Graph == node.Graph && node.Output.Uses.Count > 0 && LastOf(node.Output, types) is { } last && last == LastOf(node.Inputs[0]!, types)
            && node.Output.Uses.All(u => IsInFront(u, members, types));

    private static int? LastOf(Value value, ObservedTypes types)
        => types.ShapeOf(value) is { Rank: > 0 } shape && shape[-1] is > 0 and <= int.MaxValue and var last ? (int)last : null;
}
