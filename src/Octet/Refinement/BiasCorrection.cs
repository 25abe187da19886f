using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Gives every bias the mean shift that quantization causes in its output channel, measured with everything before it quantized
/// (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction", section 4.2, the empirical form).
/// All layers are measured in one pass; since a correction also moves what follows, the pass is repeated.
/// </summary>
public static class BiasCorrection
{
    /// <summary>Corrects the biases of all quantized layers that can have one.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key.</param>
    /// <param name="samples">Samples to measure with.</param>
    /// <param name="passes">How often, ≥ 1.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="progress">Told the number of samples run, of all passes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The constants with corrected biases.</returns>
    public static IReadOnlyDictionary<string, QuantizedWeights> Run(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyList<Sample> samples,
        int passes,
        int workers,
        Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        LayerPlan[] layers = [.. plan.WeightedLayers.Where(l => l.Role is OperatorRole.Weighted { BiasInput: not null })];
        if (layers.Length == 0 || samples.Count == 0)
        {
            return weights;
        }

        int[] axes = [.. layers.Select(l => l.OpType is "Gemm" or "MatMul" ? -1 : 1)];
        var expected = Measure(model, [.. layers.Select(l => l.Key)], axes, samples, workers, progress, cancellationToken);
        var corrected = new Dictionary<string, QuantizedWeights>(weights, StringComparer.Ordinal);
        for (int pass = 0; pass < passes; pass++)
        {
            var lowered = QdqLowering.Lower(model, plan, corrected, floatWeights: true);
            var measured = Measure(
                lowered.Model, [.. layers.Select(l => lowered.LayerOutputs[l.Key])], axes, samples, workers, progress, cancellationToken);
            for (int i = 0; i < layers.Length; i++)
            {
                double[] target = expected.Of(i);
                double[] actual = measured.Of(i);
                var old = corrected[layers[i].Key];
                corrected[layers[i].Key] = old with
                {
                    Bias = [.. target.Select((mean, c) => (float)((old.Bias is { } bias ? bias[c] : 0) + mean - actual[c]))],
                };
            }
        }

        return corrected;
    }

    private static ChannelMeans Measure(
        Model model, string[] tensors, int[] axes, IReadOnlyList<Sample> samples, int workers, Action<int>? progress, CancellationToken cancellationToken)
    {
        using var session = ObservedSession.Open(model, tensors);
        var means = new ChannelMeans(samples.Count, axes);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, tensors, cancellationToken);
            means.Add(i, outputs);
            progress?.Invoke(1);
        }, cancellationToken);
        return means;
    }
}
