using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// Makes two channels of each whose weights are large both in front and behind (PPQ 0.6.6, ChannelwiseSplitPass; Zhao et al. 2019, "Improving Neural Network
/// Quantization without Retraining using Outlier Channel Splitting"): both get the weights and the bias divided by √2 in front and behind, so that the network computes
/// the same. It changes the structure, so that plans are made after it.
/// </summary>
/// <param name="Level">1: across rectifiers and pools; 2: across sums, too.</param>
/// <param name="Iterations">How many times all pairs are gone through; channels that stay large are split again.</param>
/// <param name="Threshold">Channels whose largest weights reach it on both sides are split.</param>
public sealed record ChannelSplit(int Level, int Iterations, double Threshold)
{
    private static readonly float Share = (float)(1 / Math.Sqrt(2));

    /// <summary>The share of the largest bias that counts as a weight in front; null where biases do not count.</summary>
    public double? BiasShare { get; init; }

    /// <summary>The share of the largest output that counts as a weight in front; null where outputs do not count.</summary>
    public double? ActivationShare { get; init; }

    /// <summary>Changes a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">What outputs are measured with; not used where they do not count.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Channels that were added.</returns>
    public int Run(Model model, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        EqualizationPair[] pairs = [.. EqualizationPair.Find(model.Graph, Level).Where(CanBeSplit)];
        int added = 0;
        for (int i = 0; i < Iterations; i++)
        {
            var outputs = ActivationShare is { } share ? LayerwiseEqualization.Outputs(model, pairs, samples, (float)share, workers, cancellationToken) : [];
            int before = added;
            added += pairs.Sum(p => Split(p, outputs));
            if (added == before)
            {
                break;
            }
        }

        model.Graph.RemoveUnused();
        return added;
    }

    // Groups would have to be split with their channels, and so would what has a number for each channel.
    private static bool CanBeSplit(EqualizationPair pair)
        => pair.Upstream.Concat(pair.Downstream).All(n => n.Is("Gemm") || n.GetInt("group", 1) == 1)
            && pair.Between.All(b => !b.Is("PRelu") || b.Input(1)?.Constant?.Count == 1)
            && pair.Upstream.All(u => u.Input(2)?.Constant is not { Count: 1 } || u.Inputs[1]!.Constant!.Shape[0] == 1);

    private int Split(EqualizationPair pair, IReadOnlyDictionary<Node, float[]> outputs)
    {
        if (LayerwiseEqualization.Largest(pair, BiasShare, outputs) is not var (up, down))
        {
            return 0;
        }

        // Where each new channel comes from.
        int[] sources = [.. up.SelectMany((u, c) => u >= Threshold && down[c] >= Threshold ? new[] { c, c } : [c])];
        if (sources.Length == up.Length)
        {
            return 0;
        }

        var twice = sources.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        foreach (var node in pair.Upstream)
        {
            bool outputsFirst = node.Is("Conv") || node.GetInt("transB", 0) != 0;
            Take(node, 1, outputsFirst ? 0 : 1, sources, twice);
            if (node.Input(2) is not null)
            {
                Take(node, 2, 0, sources, twice);
            }
        }

        foreach (var node in pair.Downstream)
        {
            bool outputsFirst = node.Is("Conv") || node.GetInt("transB", 0) != 0;
            Take(node, 1, outputsFirst ? 1 : 0, sources, twice);
        }

        // The shapes that the model states are no longer true.
        foreach (var value in pair.Upstream.Concat(pair.Between).SelectMany(n => n.Outputs).OfType<Value>())
        {
            value.Type = null;
        }

        return sources.Length - up.Length;
    }

    private static void Take(Node node, int input, int axis, int[] sources, HashSet<int> twice)
    {
        var tensor = node.Inputs[input]!.Constant!;
        var shape = tensor.Shape;
        float[] values = tensor.ToFloats();
        int inner = (int)shape.Dimensions.Skip(axis + 1).Aggregate(1L, (product, d) => product * d);
        int old = (int)shape[axis];
        int outer = values.Length / (old * inner);
        var taken = new float[outer * sources.Length * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int c = 0; c < sources.Length; c++)
            {
                for (int i = 0; i < inner; i++)
                {
                    float value = values[(((o * old) + sources[c]) * inner) + i];
                    taken[(((o * sources.Length) + c) * inner) + i] = twice.Contains(sources[c]) ? value * Share : value;
                }
            }
        }

        string name = node.Inputs[input]!.Name;
        var replacement = Tensor.FromArray(taken, new Shape([.. shape.Dimensions.Select((d, a) => a == axis ? sources.Length : d)]));
        if (node.Inputs[input] is { Uses.Count: 1, IsOutput: false } own)
        {
            own.SetConstant(replacement);
        }
        else
        {
            node.SetInput(input, node.Graph.AddConstant(name, replacement));
        }
    }
}
