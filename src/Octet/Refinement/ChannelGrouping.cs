using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Planning;
using Octet.Rewrites;

namespace Octet.Refinement;

/// <summary>
/// Makes several layers of one whose weights have one scale: each gives the output channels whose weights are of like size, and rounds them with a scale of its own; what they give is
/// joined again, so that the network computes the same (SOPHON BM1684, <c>-conv_group</c>, whose rule of cutting is not published). The order of the channels is folded into the weights
/// of what reads them, where it can be, and is a Gather elsewhere.
/// </summary>
internal static class ChannelGrouping
{
    private const int LeastChannels = 2;

    /// <summary>Changes a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">Its plan; only layers that it gives one scale for all weights are looked at.</param>
    /// <param name="types">Shapes of one sample.</param>
    /// <param name="samples">Some samples.</param>
    /// <param name="leastGain">What a layer must gain, in dB of its noise; −∞ groups everywhere.</param>
    /// <param name="workers">Work side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was changed, in the order of the graph.</returns>
    public static IReadOnlyList<GroupedLayer> Run(
        Model model, Plan plan, ObservedTypes types, IReadOnlyList<Sample> samples, double leastGain, int workers, CancellationToken cancellationToken)
    {
        var graph = model.Graph;
        LayerPlan[] layers = [.. plan.WeightedLayers.Where(l => CanBeGrouped(l, graph, plan.Target, types))];
        if (layers.Length == 0)
        {
            return [];
        }

        var channels = ChannelExtremes.Observe(model, samples, [.. layers.SelectMany(l => l.DataInputs.Concat(l.DataOutputs)).Distinct()], workers, cancellationToken);
        var cuts = new (int[][] Groups, double Gain)[layers.Length];
        ParallelRuns.ForEach(layers.Length, workers, i => cuts[i] = Cut(layers[i], layers[i].NodeIn(graph), plan, channels), cancellationToken);
        var grouped = new List<GroupedLayer>();
        var orders = new List<Node>();
        foreach (var (layer, cut) in layers.Zip(cuts).Where(p => p.Second.Gain >= leastGain))
        {
            var (keys, order) = Replace(layer.NodeIn(graph), layer.DataOutputs, cut.Groups);
            grouped.Add(new GroupedLayer(layer.Key, [.. keys], cut.Gain));
            orders.AddRange(order is null ? [] : [order]);
        }

        orders.ForEach(o => _ = ChannelOrder.TryFold(o));
        graph.RemoveUnused();
        return grouped;
    }

    private static bool CanBeGrouped(LayerPlan layer, Graph graph, Target target, ObservedTypes types)
    {
        if (layer.PerChannelWeights || target.RuleFor(string.Empty, "Concat") is null || target.RuleFor(string.Empty, "Gather") is null)
        {
            return false;
        }

        var node = layer.NodeIn(graph);
        var weights = node.Inputs[1]!.Constant!;

        // Where each channel has a bound of its own (Min behind the clamp), equalization has made them alike.
        bool isPlain = layer.DataOutputs is not [var given] || given == node.Output.Name || (graph.Find(given)!.Producer is { } clamp && clamp.Inputs[0] == node.Output && !clamp.Is("Min"));
        return isPlain && (node.Is("Gemm") || (node.Is("Conv") && (node.GetInt("group", 1) == 1 || (KeepFloat.IsDepthwise(node) && weights.Shape[0] == node.GetInt("group", 1)))))
            && new ChannelWeights(node).Outputs >= LeastChannels
            && layer.DataInputs.Concat(layer.DataOutputs).All(t => types.ShapeOf(graph.Find(t)!) is { Rank: >= 2 });
    }

    // What is rounded makes noise in the channel: weights in steps of the group's scale, inputs in steps of theirs, and the output itself. Weights cannot lose more than they give.
    private static (int[][] Groups, double Gain) Cut(LayerPlan layer, Node node, Plan plan, Dictionary<string, ChannelExtremes> channels)
    {
        var weights = new ChannelWeights(node);
        var input = channels[layer.DataInputs[0]];
        double inputNoise = RoundingNoise(input, plan.TypeOf(layer.DataInputs[0]), plan.Target);
        double outputNoise = layer.DataOutputs is [var output, ..] ? RoundingNoise(channels[output], plan.TypeOf(output), plan.Target) : 0;
        var (power, signal, other) = (new double[weights.Outputs], new double[weights.Outputs], new double[weights.Outputs]);
        for (int o = 0; o < weights.Outputs; o++)
        {
            for (int i = 0; i < weights.InputsOfOne; i++)
            {
                double square = input.MeanSquare[weights.InputChannel(o, i)];
                foreach (float weight in weights.Between(o, i))
                {
                    power[o] += square;
                    signal[o] += square * weight * weight;
                    other[o] += inputNoise * weight * weight;
                }
            }
        }

        double Noise(int channel, float largest)
        {
            float scale = WeightLayout.ScaleFor(largest, layer.WeightType!.Value);
            scale = layer.PowerOfTwoScales ? PowerOfTwo.AtLeast(scale) : scale;
            return Math.Min(power[channel] * scale * scale / 12, signal[channel]) + other[channel] + outputNoise + float.Epsilon;
        }

        return ChannelCut.Solve(weights.LargestOfOutputs(), Noise);
    }

    // Of values spread evenly between two steps.
    private static double RoundingNoise(ChannelExtremes channels, QuantType type, Target target)
    {
        double range = target.SymmetricActivations ? 2.0 * channels.Largest.Max() : Math.Max(0, channels.Greatest.Max()) - Math.Min(0.0, channels.Least.Min());
        double step = range / (type.Max - type.Min);
        return step * step / 12;
    }

    // The layer, with the clamp that it absorbs, once for each group of its channels; joined under the name of what it gave. The Gather that restores the order, if there is one.
    private static (string[] Keys, Node? Gather) Replace(Node node, IReadOnlyList<string> outputs, int[][] groups)
    {
        var graph = node.Graph;
        var clamp = outputs is [var given] && given != node.Output.Name ? graph.Find(given)!.Producer! : null;
        var last = clamp ?? node;
        string name = last.Output.Name;
        Node[] layers = [.. groups.Select((g, n) => Part(node, g, FormattableString.Invariant($"/group{n}")))];
        Node[] parts = clamp is null ? layers : [.. layers.Select((l, n) => Copy(clamp, FormattableString.Invariant($"/group{n}"), [l.Output, .. clamp.Inputs.Skip(1)]))];
        var joined = graph.Add("Concat", parts.Select(p => p.Output), name + "/groups", before: last);
        joined.Producer!.SetAttribute("axis", 1);
        int[] order = [.. groups.SelectMany(g => g)];
        bool isOrdered = order.SequenceEqual(order.Order());
        var result = isOrdered ? joined : ChannelOrder.Take(joined, [.. order.Index().OrderBy(p => p.Item).Select(p => p.Index)], name + "/order", last);
        Merging.TakeOver(result.Producer!, last);
        result.Producer!.Source = [];
        if (clamp is not null)
        {
            graph.Remove(node);
        }

        return ([.. layers.Select(l => l.Output.Name)], isOrdered ? null : result.Producer);
    }

    private static Node Part(Node node, int[] channels, string suffix)
    {
        var graph = node.Graph;
        string name = node.Output.Name + suffix;
        bool isDepthwise = node.Is("Conv") && node.GetInt("group", 1) > 1;
        var (weights, bias) = (node.Inputs[1]!, node.Input(2));
        var data = isDepthwise ? ChannelOrder.Take(node.Inputs[0]!, channels, name + "/input", node) : node.Inputs[0];
        var taken = graph.AddConstant(weights.Name + suffix, TakenChannels.Of(weights.Constant!, node.Is("Gemm") && node.GetInt("transB", 0) == 0 ? 1 : 0, channels));
        Value?[] inputs = bias is null ? [data, taken]
            : [data, taken, bias.Constant!.Count == 1 ? bias : graph.AddConstant(bias.Name + suffix, TakenChannels.Of(bias.Constant!, 0, channels))];
        var part = Copy(node, suffix, inputs);
        if (isDepthwise)
        {
            part.SetAttribute("group", channels.Length);
        }

        return part;
    }

    // Found by the names of what it is a part of.
    private static Node Copy(Node node, string suffix, IEnumerable<Value?> inputs)
    {
        var copy = node.Graph.AddNode(node.OpType, inputs, [node.Output.Name + suffix], before: node);
        Merging.CopyAttributes(node, copy);
        copy.Name = node.DisplayName + suffix;
        copy.Source = [.. node.Source.Union([node.DisplayName, node.Output.Name])];
        return copy;
    }
}
