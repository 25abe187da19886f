using System.Globalization;
using Octet.Graphs;
using Octet.Rewrites.OperatorSets;

namespace Octet.Rewrites;

/// <summary>
/// Raises ONNX's own operator set where a model's is older, to 13 as a rule: the first with quantization by channel, and the one whose forms the rest
/// of Octet knows. Newer models stay as they are, so that they run where they ran.
/// </summary>
/// <param name="wanted">13, or 21, the first with 4-bit and 16-bit types of quantization.</param>
public sealed class RaiseOperatorSet(long wanted = 13) : IRewrite
{
    private const long Oldest = 7;

    /// <inheritdoc/>
    public string Name => "raise-operator-set";

    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"Models of operator sets from 7 on are raised to {wanted}");

    /// <inheritdoc/>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OpsetUnsupported"/>: the operator set is too old, or a node has no form in the new one.</exception>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Model.Opsets.TryGetValue(string.Empty, out long version) || version >= wanted)
        {
            return 0;
        }

        if (version < Oldest)
        {
            throw new OctetException(
                ErrorCodes.OpsetUnsupported,
                string.Create(CultureInfo.InvariantCulture, $"the model is of operator set {version}; {Oldest} and newer can be simplified and quantized"),
                "export it with operator set 13 or newer");
        }

        // Types are asked for before the first change: a half-raised model is of no operator set.
        foreach (var value in context.Graph.Nodes.SelectMany(n => n.Inputs).OfType<Value>().Take(1))
        {
            _ = context.TypeOf(value);
        }

        int changes = 1;
        var adapters = OperatorAdapters.All.ToLookup(a => (a.Version, a.OpType));
        for (long next = version + 1; next <= wanted; next++)
        {
            foreach (var node in context.Graph.AllNodes.Where(n => n.Domain.Length == 0).ToArray())
            {
                foreach (var adapter in adapters[(next, node.OpType)])
                {
                    adapter.Adapt(node, context);
                    changes++;
                }
            }
        }

        context.Model.Opsets[string.Empty] = wanted;
        return changes;
    }
}
