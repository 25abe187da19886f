using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Gives every bias the mean shift that quantization causes in its output channel, layer by layer, as PPQ 0.6.6's BiasCorrectionPass with blocks of one layer does: the whole
/// shift, kept only where the network's outputs then err less. <see cref="BiasCorrection"/>, which leaves alone what chance explains, needs no such check.
/// </summary>
internal static class CheckedBiasCorrection
{
    /// <summary>Corrects biases.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants with float biases, by key.</param>
    /// <param name="samples">Samples to measure with.</param>
    /// <param name="rounded">The constants of a layer with its bias as the network adds it.</param>
    /// <param name="isWanted">Whether a layer is corrected.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The constants with corrected float biases, and the number of layers whose correction was kept.</returns>
    public static (Dictionary<string, QuantizedWeights> Weights, int Kept) Run(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyList<Sample> samples,
        Func<LayerPlan, QuantizedWeights, QuantizedWeights> rounded,
        Func<LayerPlan, bool> isWanted,
        int workers,
        CancellationToken cancellationToken = default)
    {
        var best = new Dictionary<string, QuantizedWeights>(weights, StringComparer.Ordinal);
        LayerPlan[] layers = [.. plan.WeightedLayers.Where(l => l.Role is OperatorRole.Weighted { BiasInput: not null } && best[l.Key].Bias is not null && isWanted(l))];
        if (layers.Length == 0 || samples.Count == 0)
        {
            return (best, 0);
        }

        LoweredModel Lowered(IReadOnlyDictionary<string, QuantizedWeights> of)
            => QdqLowering.Lower(model, plan, plan.WeightedLayers.ToDictionary(l => l.Key, l => rounded(l, of[l.Key]), StringComparer.Ordinal), floatWeights: true);
        var reference = OutputReference.Measure(model, samples, workers, cancellationToken);
        double ErrorOf(LoweredModel lowered) => reference.ErrorsOf(lowered.Model, samples, workers, cancellationToken).Sum();
        var current = Lowered(best);
        double least = ErrorOf(current);
        int kept = 0;
        foreach (var layer in layers)
        {
            int axis = layer.OpType == "Gemm" ? -1 : 1;
            double[] expected = Means(model, layer.Key, axis, samples, workers, cancellationToken);
            double[] actual = Means(current.Model, current.LayerOutputs[layer.Key], axis, samples, workers, cancellationToken);
            var corrected = new Dictionary<string, QuantizedWeights>(best, StringComparer.Ordinal)
            {
                [layer.Key] = best[layer.Key] with { Bias = [.. best[layer.Key].Bias!.Value.Select((b, c) => (float)(b + expected[c] - actual[c]))] },
            };
            var lowered = Lowered(corrected);
            double error = ErrorOf(lowered);
            if (error < least)
            {
                (best, current, least) = (corrected, lowered, error);
                kept++;
            }
        }

        return (best, kept);
    }

    private static double[] Means(Model model, string tensor, int axis, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        using var session = ObservedSession.Open(model, [tensor], arena: false, GraphOptimization.All);
        var means = new ChannelMeans(samples.Count, [axis]);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, [tensor], cancellationToken);
            means.Add(i, outputs);
        }, cancellationToken);
        return means.Of(0);
    }
}
