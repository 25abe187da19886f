using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>
/// Writes GRU and LSTM out, step by step, as products, sums, Sigmoid and Tanh, which can be quantized one by one. The products with the sequence's values are one Gemm for all steps.
/// Every step has weights of its own in an integer model, so that it is larger than the float one; for that this is no part of <see cref="RewritePipeline.Simplify"/>.
/// Equations: ONNX operators GRU and LSTM with their default activations, forward, backward or both, with lengths of sequences and states given.
/// </summary>
public sealed class UnrollRecurrence : IRewrite
{
    /// <summary>Longer sequences are left: a graph of so many nodes is of no use.</summary>
    public const int MostSteps = 512;

    /// <inheritdoc/>
    public string Name => "unroll-recurrence";

    /// <inheritdoc/>
    public string Description => "GRU and LSTM over a fixed number of steps are written out";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var node in Recurrent(context.Graph).Where(n => WhyNot(n, context) is null).ToArray())
        {
            new RecurrentUnrolling(node, (int)context.TypeOf(node.Inputs[0]!)!.Dimensions!.Value[0].Size!.Value).Run();
            changes++;
        }

        if (changes > 0)
        {
            context.Graph.RemoveUnused();
        }

        return changes;
    }

    /// <summary>The recurrent layers of a graph.</summary>
    public static IEnumerable<Node> Recurrent(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Nodes.Where(n => n.Is("GRU") || n.Is("LSTM") || n.Is("RNN"));
    }

    /// <summary>Why a recurrent layer cannot be written out; null where it can.</summary>
    /// <param name="node">GRU, LSTM or RNN.</param>
    /// <param name="context">Its model.</param>
    public static string? WhyNot(Node node, RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(context);
        return node.Is("RNN") ? "RNN is not written out, GRU and LSTM are"
            : node.Attributes.Keys.FirstOrDefault(k => k is "activations" or "activation_alpha" or "activation_beta" or "clip") is { } attribute ? $"it has the attribute {attribute}"
            : node.GetInt("layout", 0) != 0 || node.GetInt("input_forget", 0) != 0 ? "its layout or its gates are not the default ones"
            : node.Input(7) is not null ? "it has peepholes"
            : !node.Input(1).IsFloatConstant() || !node.Input(2).IsFloatConstant() || (node.Input(3) is { } bias && !bias.IsFloatConstant()) ? "its weights are no constants"
            : context.TypeOf(node.Inputs[0]!)?.Dimensions is not [{ Size: { } steps }, _, _] ? "the number of its steps is not fixed: give the input a fixed size"
            : steps is < 1 or > MostSteps ? FormattableString.Invariant($"it has {steps} steps, and 1 to {MostSteps} are written out")
            : null;
    }
}
