using System.Collections.Immutable;
using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Operators;

namespace Octet.Planning;

/// <summary>
/// Finds, before anything is quantized, tensors of a plan that would lose a part of their values because another part needs a scale more than 2^(bits/2) times
/// as large: inputs of a Concat; addends whose sum reaches the network's outputs; channels of a layer that do; sums with a mask of large negative values. The remedy
/// is a float tail at the cheapest cut: the operators that join the parts, mostly without any weights, and layers with weights only where they read
/// or write the joined tensor themselves.
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

    private readonly double ratio = RangeGap.MostRatio(plan.Target.Activations.Bits);
    private readonly Dictionary<string, LayerPlan> layers = plan.Layers.Where(l => l.Decision != LayerDecision.Float).ToDictionary(l => l.Key, StringComparer.Ordinal);
    private readonly HashSet<string> slots = [.. plan.Slots.Select(s => s.Tensor)];

    /// <summary>Finds the conflicts.</summary>
    /// <param name="samples">At least one; the float model is run over them if any tensor needs to be looked at.</param>
    /// <param name="workers">Samples side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<RangeConflict> Find(IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken = default)
    {
        var tail = Tail();
        (string Tensor, Value[] Parts)[] joins = [.. Joins(tail)];
        string[] sums = [.. slots.Where(s => model.Graph.Find(s)!.Producer is { } p && (p.Is("Add") || p.Is("Where") || p.Is("Sub")))];
        LayerPlan[] ends = [.. layers.Values.Where(l => l.Role is OperatorRole.Weighted && l.DataOutputs.Any(tail.Contains))];
        string[] wanted = [.. joins.SelectMany(j => j.Parts.Where(v => !v.IsConstant).Select(v => v.Name)).Concat(sums).Concat(ends.Select(e => e.Key)).Distinct()];
        if (wanted.Length == 0)
        {
            return [];
        }

        var observed = Observe(wanted, [.. sums], samples, workers, cancellationToken);
        RangeConflict[] masks = [.. sums.Select(s => MaskConflict(s, observed)).OfType<RangeConflict>()];
        return
        [
            .. joins.Where(j => !masks.Any(m => m.Tensor == j.Tensor)).Select(j => JoinConflict(j.Tensor, j.Parts, observed)).OfType<RangeConflict>(),
            .. ends.Select(e => ChannelConflict(e, observed)).OfType<RangeConflict>(),
            .. masks,
        ];
    }

    /// <summary>Finds the conflicts of a plan, and those of the plans that keep layers float for them.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="planWith">Plans the model with the layers of some words float.</param>
    /// <param name="words">What the user keeps float.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Samples side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<RangeConflict> FindAll(
        Model model, Func<IReadOnlyList<string>, Plan> planWith, IReadOnlyList<string> words, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(planWith);
        List<RangeConflict> conflicts = [];
        for (int round = 0; round < MostRounds; round++)
        {
            var found = new RangeGuard(model, planWith([.. words, .. conflicts.SelectMany(c => c.KeptFloat)])).Find(samples, workers, cancellationToken);
            if (found.Count == 0)
            {
                break;
            }

            conflicts.AddRange(found);
        }

        return conflicts;
    }

    /// <summary>Says in a plan why the layers are float.</summary>
    /// <param name="plan">A plan in which they are.</param>
    /// <param name="conflicts">The conflicts.</param>
    public static Plan Explain(Plan plan, IReadOnlyCollection<RangeConflict> conflicts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return conflicts.Count == 0 ? plan : plan with
        {
            Layers = [.. plan.Layers.Select(l => l.Decision == LayerDecision.Float && conflicts.FirstOrDefault(c => c.KeptFloat.Contains(l.Key)) is { } conflict ? l with { Why = conflict.Text } : l)],
        };
    }

    // What joins tensors into one that is or becomes integer. A small addend is lost only where the sum itself is what the network is asked for.
    private IEnumerable<(string Tensor, Value[] Parts)> Joins(HashSet<string> tail)
        => layers.Values.Where(l => l.OpType == "Concat" || (l.OpType is "Add" or "Sub" && tail.Contains(l.Key))).Select(l => l.NodeIn(model.Graph))
            .Concat(slots.Where(s => !layers.ContainsKey(s)).Select(s => model.Graph.Find(s)!.Producer).OfType<Node>().Where(n => n.Is("Concat") || n.Is("Where")))
            .Select(n => (n.Output.Name, (Value[])[.. n.Inputs.Skip(n.Is("Where") ? 1 : 0).OfType<Value>()]));

    private RangeConflict? JoinConflict(string tensor, Value[] parts, Dictionary<string, Observation> observed)
        => RangeGap.Of(parts.Select(v => v.Constant is { } constant ? Largest(constant.ToFloats()) : observed[v.Name].Bound), ratio) is { } gap
            ? new RangeConflict(tensor, "the inputs", gap.Smaller, gap.Larger, [.. Joiners(tensor).Concat(WeightedReaders(tensor)).Distinct()])
            : null;

    private RangeConflict? ChannelConflict(LayerPlan layer, Dictionary<string, Observation> observed)
        => RangeGap.Of(observed[layer.Key].Channels, ratio) is { } gap ? new RangeConflict(layer.Key, "channels", gap.Smaller, gap.Larger, [layer.Key]) : null;

    private RangeConflict? MaskConflict(string sum, Dictionary<string, Observation> observed)
    {
        var histogram = observed[sum].Histogram!;
        if (histogram.Min > -LeastMask)
        {
            return null;
        }

        var bins = histogram.MagnitudeBins();
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

    private Dictionary<string, Observation> Observe(string[] tensors, HashSet<string> sums, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        string[] outputs = [.. tensors.Select(t => ObservedSession.OutputName(model.Graph, t))];
        var observed = tensors.ToDictionary(t => t, t => new Observation(sums.Contains(t)), StringComparer.Ordinal);
        using var session = ObservedSession.Open(model, tensors, arena: false);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var values = session.Run(samples[i].Inputs, outputs, cancellationToken);
            for (int t = 0; t < tensors.Length; t++)
            {
                if (values.IsFloat(t))
                {
                    observed[tensors[t]].Add(values.Span<float>(t), values.ShapeOf(t).Dimensions);
                }
            }
        }, cancellationToken);
        return observed;
    }

    private static float Largest(ReadOnlySpan<float> values) => values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values));

    /// <summary>What was seen of one tensor: extremes and counts only, so that the order of samples does not matter.</summary>
    private sealed class Observation(bool counts)
    {
        private readonly Lock gate = new();
        private float[] channels = [];

        public LogLinearHistogram? Histogram { get; } = counts ? new() : null;

        /// <summary>Largest magnitude of each channel (axis 1).</summary>
        public IReadOnlyList<float> Channels => channels;

        public float Bound => channels.DefaultIfEmpty().Max();

        public void Add(ReadOnlySpan<float> values, ImmutableArray<long> shape)
        {
            Histogram?.Add(values);
            int count = shape.Length > 1 ? (int)shape[1] : 1;
            int inner = shape.Length > 1 ? (int)shape.Skip(2).Aggregate(1L, (product, d) => product * d) : values.Length;
            var largest = new float[count];
            for (int i = 0; count * inner > 0 && i * inner < values.Length; i++)
            {
                largest[i % count] = Math.Max(largest[i % count], Largest(values.Slice(i * inner, inner)));
            }

            lock (gate)
            {
                if (channels.Length < count)
                {
                    Array.Resize(ref channels, count);
                }

                for (int c = 0; c < count; c++)
                {
                    channels[c] = Math.Max(channels[c], largest[c]);
                }
            }
        }
    }
}
