using Octet.Data;
using Octet.Graphs;

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
        EqualizationPair[] pairs = [.. EqualizationPair.Find(model.Graph, Level).Where(ChannelCopies.CanBeMade)];
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
        float[] shares = [.. up.Select((_, c) => twice.Contains(c) ? Share : 1)];
        ChannelCopies.Make(pair, sources, shares, shares);
        return sources.Length - up.Length;
    }
}
