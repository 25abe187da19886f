using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Operators;

namespace Octet.Planning;

/// <summary>Finds the tensors that need quantization parameters, and those that must have the same.</summary>
internal static class SlotClasses
{
    /// <summary>Makes the slots of all tensors that planned layers read or write quantized, in the order of the graph.</summary>
    public static ImmutableArray<TensorSlot> Build(Graph graph, Target target, IReadOnlyList<LayerPlan> layers)
    {
        var order = new List<string>();
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        var fixedRanges = new Dictionary<string, SlotSource.Fixed>(StringComparer.Ordinal);
        var copies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (string tensor in layer.DataInputs.Concat(layer.DataOutputs))
            {
                if (parents.TryAdd(tensor, tensor))
                {
                    order.Add(tensor);
                }
            }

            if (layer.DataInputs.Length == 0)
            {
                continue;
            }

            var rule = target.Operators[layer.OpType];
            if ((layer.Role is OperatorRole.PassThrough && !rule.OwnScale) || (layer.Role is OperatorRole.Computing && rule.SharedScale))
            {
                foreach (string tensor in layer.DataInputs.Skip(1).Concat(layer.DataOutputs))
                {
                    parents[Find(parents, tensor)] = Find(parents, layer.DataInputs[0]);
                }

                // Their values are those of the inputs, which are observed already; but groups of a layer's channels are observed as the layer's output was.
                copies.UnionWith(ChannelGroups.AreJoinedBy(layer.NodeIn(graph)) ? layer.DataInputs : layer.DataOutputs);
            }

            if (layer.Role is OperatorRole.FixedRange range)
            {
                foreach (string output in layer.DataOutputs)
                {
                    fixedRanges.Add(output, new SlotSource.Fixed(range.Min, range.Max));
                }
            }
        }

        var slots = ImmutableArray.CreateBuilder<TensorSlot>();
        foreach (var members in order.GroupBy(t => Find(parents, t)))
        {
            string[] sources = [.. members.Where(m => !copies.Contains(m))];
            string root = sources.Length > 0 ? sources[0] : members.First();
            SlotSource source = sources.Length == 1 && fixedRanges.TryGetValue(root, out var range) ? range
                : sources.All(s => graph.Find(s)!.IsConstant) && sources.Length > 0 ? new SlotSource.Constant()
                : new SlotSource.Calibrated([.. sources.Where(s => !graph.Find(s)!.IsConstant)]);
            slots.AddRange(members.Select(m => new TensorSlot(m, m == root ? source : new SlotSource.SameAs(root))));
        }

        var position = order.Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i, StringComparer.Ordinal);
        return [.. slots.OrderBy(s => position[s.Tensor])];
    }

    private static string Find(Dictionary<string, string> parents, string tensor)
    {
        while (parents[tensor] != tensor)
        {
            tensor = parents[tensor];
        }

        return tensor;
    }
}
