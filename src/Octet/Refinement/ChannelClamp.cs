using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// A clamp between 0 and a bound (ReLU6 with 6), whose channels (axis 1) can be scaled if each gets a bound of its own: an ONNX Clip has one for all, so that a Min takes over.
/// In the quantized model saturation at the least bound stands for all of them (<see cref="TensorSlot.Cap"/>).
/// </summary>
/// <param name="Node">A Clip.</param>
/// <param name="Bound">Its upper bound, &gt; 0.</param>
internal sealed record ChannelClamp(Node Node, float Bound)
{
    // So that neither steps of 16 bits nor scaled bounds leave the normal floats.
    private const float LeastBound = 1e-30f;
    private const float MostBound = 1e30f;

    /// <summary>The clamp of a node; null where it is none, where the layer before it does not do it by saturation, or where others have a say in its range: users, and tensors that share it.</summary>
    /// <param name="node">Of the plan's graph.</param>
    /// <param name="plan">The plan.</param>
    public static ChannelClamp? Of(Node node, Plan plan)
        => node.Is("Clip") && OperatorCatalog.RoleOf(node) is OperatorRole.Clamping { Low: 0, High: >= LeastBound and <= MostBound and var bound }
            && plan.Layers.Any(l => l.Key == node.Output.Name && l.Decision == LayerDecision.Absorbed)
            && plan.SlotOf(node.Output.Name) is { Choice: null or { Threshold: null, Factor: <= 1 }, Source: SlotSource.Calibrated { Observed.Length: 1 } }
            ? new ChannelClamp(node, bound) : null;

    /// <summary>Multiplies the bound. The output, which keeps its name, is then that of a Min.</summary>
    /// <param name="scales">One a channel, &gt; 0.</param>
    /// <param name="rank">Of the values, ≥ 2.</param>
    public void Scale(float[] scales, int rank)
    {
        var (graph, clamped) = (Node.Graph, Node.Output);
        string name = clamped.Name;
        graph.Rename(clamped, graph.FreshName(name + "_rectified"));
        Node.SetInput(2, null);
        var shape = new Shape([scales.Length, .. Enumerable.Repeat(1L, rank - 2)]);
        var bounds = graph.AddConstant(name + "_bounds", Tensor.FromArray([.. scales.Select(s => s * Bound)], shape));
        var uses = clamped.Uses.ToArray();
        var result = graph.Add("Min", [clamped, bounds], name, before: Node.Next);
        result.Type = clamped.Type;
        result.Producer!.Name = Node.DisplayName + "_bounds";
        result.Producer.Source = Node.Source;
        foreach (var use in uses)
        {
            use.Node.SetInput(use.Index, result);
        }
    }
}
