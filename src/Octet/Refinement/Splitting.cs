using Octet.Calibration;
using Octet.Calibration.Patches;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Makes several channels of one that is large beside the others, in activations, in the weights that read it, or in both (Zhao et al. 2019, "Improving Neural Network Quantization
/// without Retraining using Outlier Channel Splitting"), so that one scale serves all better: between convolutions and matrix products with nothing but rectifiers, pools and sums between
/// them. What scaling alone can do should be done before; splitting costs multiply-accumulates.
/// </summary>
internal static class Splitting
{
    private const int AcrossSums = 2;
    private const int MostRows = 256;

    /// <summary>Changes a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="types">Shapes of one sample.</param>
    /// <param name="samples">Some samples.</param>
    /// <param name="leastGain">What a pair of layers must gain, in dB of the readers' outputs; −∞ splits everywhere.</param>
    /// <param name="seed">Of the choice of rows.</param>
    /// <param name="workers">Work side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was changed, in the order of the graph.</returns>
    public static IReadOnlyList<SplitActivation> Run(
        Model model, Plan plan, ObservedTypes types, IReadOnlyList<Sample> samples, double leastGain, ulong seed, int workers, CancellationToken cancellationToken)
    {
        var layers = plan.WeightedLayers.ToDictionary(l => l.NodeIn(model.Graph));
        EqualizationPair[] pairs = [.. EqualizationPair.Find(model.Graph, AcrossSums).Where(p => ChannelCopies.CanBeMade(p) && p.Upstream.Concat(p.Downstream).All(layers.ContainsKey))];
        var readers = pairs.SelectMany(p => p.Downstream).Select(n => layers[n].Key).ToHashSet(StringComparer.Ordinal);
        if (pairs.Length == 0)
        {
            return [];
        }

        var request = new SweepRequest { Tensors = [], Patches = [.. plan.Requests(model.Graph, types, samples.Count, PatchBudget.FewBytes).Where(r => readers.Contains(r.Layer))], Seed = seed };
        var rows = CalibrationSweep.Run(model, SampleSources.FromMemory(samples), request, workers, null, cancellationToken).Patches;
        var chosen = new (ChannelFactors Factors, double Gain)?[pairs.Length];
        ParallelRuns.ForEach(pairs.Length, workers, i => chosen[i] = Choose([.. pairs[i].Downstream.Select(n => (layers[n], n))], plan, rows, cancellationToken), cancellationToken);
        var changed = new List<SplitActivation>();
        for (int i = 0; i < pairs.Length; i++)
        {
            if (chosen[i] is var (factors, gain) && gain >= leastGain)
            {
                int[] sources = [.. factors.Copies.SelectMany((n, c) => Enumerable.Repeat(c, (int)n))];
                string tensor = layers[pairs[i].Downstream[0]].DataInputs[0];
                ChannelCopies.Make(pairs[i], sources, Array.ConvertAll(factors.Divisors, d => 1 / d), factors.Multipliers);
                changed.Add(new SplitActivation(tensor, [.. pairs[i].Downstream.Select(n => layers[n].Key)], factors.Copies.Length, sources.Length - factors.Copies.Length, gain));
            }
        }

        model.Graph.RemoveUnused();
        return changed;
    }

    // Null where no rows were sampled of a reader.
    private static (ChannelFactors Factors, double Gain)? Choose(
        (LayerPlan Layer, Node Node)[] readers, Plan plan, IReadOnlyDictionary<string, PatchSet> rows, CancellationToken cancellationToken)
    {
        var trials = new List<(ProductTrial Trial, int Positions)>();
        float[]? activations = null;
        float[]? weights = null;
        foreach (var (layer, node) in readers)
        {
            if (!rows.TryGetValue(layer.Key, out var sampled) || sampled.Count < 2)
            {
                return null;
            }

            int channels = new ChannelWeights(node).InputsOfOne;
            float[] some = sampled.OfGroup(0, MostRows);
            var trial = new ProductTrial(sampled.RowLength, some, plan.TypeOf(layer.DataInputs[0]), plan.Target.SymmetricActivations);
            var layout = WeightLayout.Of(node, layer);
            int length = sampled.RowLength;
            trial.Add([.. Enumerable.Range(0, layout.Weights.Length).Select(i => layout.Weights[(i % layout.Channels * length) + (i / layout.Channels)])], layout.Channels, layer.WeightType!.Value, layer.PerChannelWeights);
            trials.Add((trial, length / channels));
            activations = Larger(activations, Largest(some, channels));
            weights = Larger(weights, Largest(trial.LargestWeights(), channels));
        }

        return new SplitChoice(activations!.Length, trials).Solve(activations, weights!, cancellationToken);
    }

    private static float[] Largest(float[] rows, int channels)
    {
        var largest = new float[channels];
        for (int i = 0; i < rows.Length; i++)
        {
            largest[i % channels] = Math.Max(largest[i % channels], Math.Abs(rows[i]));
        }

        return largest;
    }

    private static float[] Larger(float[]? one, float[] other) => one is null ? other : [.. one.Zip(other, Math.Max)];
}
