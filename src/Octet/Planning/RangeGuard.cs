using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Graphs;
using Octet.Operators;

namespace Octet.Planning;

/// <summary>
/// Finds, before anything is quantized, tensors of a plan that would lose a part of their values because another part needs a scale more than 2^(bits/2) times
/// as large: inputs of a Concat, Max or Min; addends whose sum reaches the network's outputs; channels of a layer that do; sums with a mask of large negative values. The remedy
/// is a float tail at the cheapest cut: the operators that join the parts, mostly without any weights, and layers with weights only where they read
/// or write the joined tensor themselves. Where 16 bits hold the parts and cost less, the caller may choose these.
/// </summary>
/// <param name="model">The float model.</param>
/// <param name="plan">The plan; its parameters may be open.</param>
public sealed class RangeGuard(Model model, Plan plan)
{
    // What stays float for one conflict may move another: until there is none, or so often.
    private const int MostRounds = 4;

    // Values of a mask and values of the rest must both be there to speak of a mask.
    private const double LeastShare = 0.001;
    private const float LeastMask = 1000;

    private readonly Dictionary<string, LayerPlan> layers = plan.Layers.Where(l => l.Decision != LayerDecision.Float).ToDictionary(l => l.Key, StringComparer.Ordinal);
    private readonly HashSet<string> slots = [.. plan.Slots.Select(s => s.Tensor)];

    /// <summary>Finds the conflicts.</summary>
    /// <param name="ranges">Of the same float model; looked at if any tensor needs to be.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<RangeConflict> Find(ObservedRanges ranges, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var (joins, sums, ends) = Watch();
        var observed = ranges.Of(TensorsOf(joins, sums, ends), [.. sums], cancellationToken);
        RangeConflict[] masks = [.. sums.Select(s => MaskConflict(s, observed)).OfType<RangeConflict>()];
        return
        [
            .. joins.Where(j => !masks.Any(m => m.Tensor == j.Tensor)).Select(j => JoinConflict(j.Tensor, j.Parts, observed)).OfType<RangeConflict>(),
            .. ends.Select(e => ChannelConflict(e, observed)).OfType<RangeConflict>(),
            .. masks,
        ];
    }

    /// <summary>Observes at once what several guards will look at.</summary>
    /// <param name="guards">Of plans of one model.</param>
    /// <param name="ranges">Of that model.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static void Observe(IEnumerable<RangeGuard> guards, ObservedRanges ranges, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(guards);
        ArgumentNullException.ThrowIfNull(ranges);
        var watched = guards.Select(g => g.Watch()).ToArray();
        _ = ranges.Of([.. watched.SelectMany(w => TensorsOf(w.Joins, w.Sums, w.Ends)).Distinct()], [.. watched.SelectMany(w => w.Sums)], cancellationToken);
    }

    /// <summary>Finds the conflicts of a plan, and those of the plans that keep layers float for them.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="planWith">Plans the model with the layers of some words float.</param>
    /// <param name="words">What the user keeps float.</param>
    /// <param name="ranges">Of the model.</param>
    /// <param name="remedy">Chooses between float layers, which a conflict comes with, and 16 bits, given a plan for any choice; null for float layers always.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<RangeConflict> FindAll(
        Model model,
        Func<IReadOnlyList<string>, Plan> planWith,
        IReadOnlyList<string> words,
        ObservedRanges ranges,
        Func<RangeConflict, Func<RangeConflict, Plan>, RangeConflict>? remedy = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(planWith);
        List<RangeConflict> conflicts = [];
        Plan PlanOf(IReadOnlyList<RangeConflict> chosen) => Apply(planWith([.. words, .. chosen.SelectMany(c => c.KeptFloat)]), chosen);
        for (int round = 0; round < MostRounds; round++)
        {
            var found = new RangeGuard(model, PlanOf(conflicts)).Find(ranges, cancellationToken);
            if (found.Count == 0)
            {
                break;
            }

            for (int i = 0; i < found.Count; i++)
            {
                RangeConflict[] later = [.. found.Skip(i + 1)];
                conflicts.Add(remedy?.Invoke(found[i], choice => PlanOf([.. conflicts, choice, .. later])) ?? found[i]);
            }
        }

        return conflicts;
    }

    /// <summary>Widens tensors in a plan, and says why they are wide and layers float.</summary>
    /// <param name="plan">A plan in which the layers are float.</param>
    /// <param name="conflicts">The conflicts.</param>
    public static Plan Apply(Plan plan, IReadOnlyCollection<RangeConflict> conflicts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var conflict in conflicts)
        {
            var wide = conflict.Widened.Where(t => plan.SlotOf(t) is not null).Select(t => plan.Root(t).Tensor).ToHashSet(StringComparer.Ordinal);
            plan = plan with
            {
                Layers = [.. plan.Layers.Select(l => l.Decision == LayerDecision.Float && conflict.KeptFloat.Contains(l.Key) ? l with { Why = conflict.Text } : l)],
                Slots = [.. plan.Slots.Select(s => wide.Contains(s.Tensor) ? s with { Bits = RangeConflict.WideBits, WhyBits = $"{RangeConflict.WideBits} bits: {conflict.Text}" } : s)],
            };
        }

        return plan;
    }

    private static IEnumerable<string> TensorsOf((string Tensor, Value[] Parts)[] joins, string[] sums, LayerPlan[] ends)
        => joins.SelectMany(j => j.Parts.Where(v => !v.IsConstant).Select(v => v.Name)).Concat(sums).Concat(ends.Select(e => e.Key)).Distinct();

    private ((string Tensor, Value[] Parts)[] Joins, string[] Sums, LayerPlan[] Ends) Watch()
    {
        var tail = Tail();
        return (
            [.. Joins(tail)],
            [.. slots.Where(s => model.Graph.Find(s)!.Producer is { } p && (p.Is("Add") || p.Is("Where") || p.Is("Sub")))],
            [.. layers.Values.Where(l => l.Role is OperatorRole.Weighted && l.DataOutputs.Any(tail.Contains))]);
    }

    // What joins tensors into one that is or becomes integer. A small addend is lost only where the sum itself is what the network is asked for. Constants of a Max or Min saturate, which changes
    // nothing, and channels of one layer had one scale before they were grouped.
    private IEnumerable<(string Tensor, Value[] Parts)> Joins(HashSet<string> tail)
        => layers.Values.Where(l => (l.OpType is "Concat" or "Max" or "Min" && l.Role is not OperatorRole.Clamping) || (l.OpType is "Add" or "Sub" && tail.Contains(l.Key))).Select(l => l.NodeIn(model.Graph))
            .Concat(slots.Where(s => !layers.ContainsKey(s)).Select(s => model.Graph.Find(s)!.Producer).OfType<Node>().Where(n => n.Is("Concat") || n.Is("Where")))
            .Where(n => !ChannelGroups.AreJoinedBy(n))
            .Select(n => (n.Output.Name, (Value[])[.. n.Inputs.Skip(n.Is("Where") ? 1 : 0).OfType<Value>().Where(v => !v.IsConstant || !(n.Is("Max") || n.Is("Min")))]));

    private RangeConflict? JoinConflict(string tensor, Value[] parts, IReadOnlyDictionary<string, ObservedRange> observed)
        => RangeGap.Of(parts.Select(v => v.Constant is { } constant ? Largest(constant.ToFloats()) : observed[v.Name].Bound), RatioAt(tensor)) is { } gap
            ? new RangeConflict(tensor, "the inputs", gap.Smaller, gap.Larger, [.. Joiners(tensor).Concat(WeightedReaders(tensor)).Distinct()])
            : null;

    private RangeConflict? ChannelConflict(LayerPlan layer, IReadOnlyDictionary<string, ObservedRange> observed)
        => RangeGap.Of(observed[layer.Key].Channels, RatioAt(layer.DataOutputs is [var output, ..] ? output : layer.Key)) is { } gap ? new RangeConflict(layer.Key, "channels", gap.Smaller, gap.Larger, [layer.Key]) : null;

    private RangeConflict? MaskConflict(string sum, IReadOnlyDictionary<string, ObservedRange> observed)
    {
        var histogram = observed[sum].Histogram!;
        if (histogram.Min > -LeastMask)
        {
            return null;
        }

        var bins = histogram.MagnitudeBins();
        double ratio = RatioAt(sum);
        long before = 0;
        for (int i = 1; i < bins.Length; i++)
        {
            before += bins[i - 1].Count;
            long beyond = histogram.Count - histogram.ZeroCount - before;
            if (bins[i].Low > ratio * bins[i - 1].High && Math.Min(before, beyond) >= LeastShare * histogram.Count)
            {
                return new RangeConflict(sum, RangeConflict.Mask, (float)bins[i - 1].High, (float)bins[i].Low, [.. Joiners(sum).Concat(WeightedReaders(sum)).Distinct()]);
            }
        }

        return null;
    }

    private double RatioAt(string tensor) => RangeGap.MostRatio(slots.Contains(tensor) ? plan.TypeOf(tensor).Bits : plan.Target.Activations.Bits);

    // What makes a tensor integer: the planned layer that gives it, or those that read it.
    private IEnumerable<string> Joiners(string tensor) => layers.ContainsKey(tensor) ? [tensor] : Readers(tensor).Select(r => r.Key);

    private IEnumerable<string> WeightedReaders(string tensor) => Readers(tensor).Where(r => r.Role is OperatorRole.Weighted).Select(r => r.Key);

    // The planned layers that read a tensor, through operators that only move or clamp its values.
    private IEnumerable<LayerPlan> Readers(string tensor)
    {
        foreach (var use in model.Graph.Find(tensor)!.Uses)
        {
            if (use.Node.Outputs is [{ } output, ..] && layers.TryGetValue(output.Name, out var reader))
            {
                if (reader.Role is OperatorRole.PassThrough or OperatorRole.Clamping)
                {
                    foreach (var further in use.Node.Outputs.OfType<Value>().SelectMany(o => Readers(o.Name)))
                    {
                        yield return further;
                    }
                }
                else
                {
                    yield return reader;
                }
            }
        }
    }

    private static bool Mixes(Node node)
        => node.OpType is "MatMul" or "Softmax" or "LogSoftmax" || node.OpType.StartsWith("Reduce", StringComparison.Ordinal)
            || node.OpType.EndsWith("Normalization", StringComparison.Ordinal) || OperatorCatalog.RoleOf(node) is OperatorRole.Weighted;

    // Values from which an output is computed without sums that mix channels.
    private HashSet<string> Tail()
    {
        var tail = model.Graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in model.Graph.Nodes.Reverse())
        {
            if (!Mixes(node) && node.Outputs.OfType<Value>().Any(o => tail.Contains(o.Name)))
            {
                tail.UnionWith(node.Inputs.OfType<Value>().Select(v => v.Name));
            }
        }

        return tail;
    }

    private static float Largest(ReadOnlySpan<float> values) => values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values));
}
