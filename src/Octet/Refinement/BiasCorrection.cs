using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Gives every bias the mean shift that quantization causes in its output channel, measured with everything before it quantized
/// (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction", section 4.2, the empirical form).
/// Layer by layer, since a correction also moves what follows: corrected all at once, a deep network overshoots more with every layer.
/// </summary>
internal static class BiasCorrection
{
    /// <summary>Corrects the biases of all quantized layers that can have one.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key.</param>
    /// <param name="samples">Samples to measure with.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="progress">Called for every layer.</param>
    /// <param name="resolve">Rounds the weights of a layer anew once everything before it is as it will be; null to leave them.</param>
    /// <param name="correct">Whether biases are corrected, too, where weights are rounded anew.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The constants with corrected biases.</returns>
    public static IReadOnlyDictionary<string, QuantizedWeights> Run(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyList<Sample> samples,
        int workers,
        Action? progress = null,
        SequentialWeights? resolve = null,
        bool correct = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        LayerPlan[] layers = [.. plan.WeightedLayers.Where(l => l.Role is OperatorRole.Weighted { BiasInput: not null })];
        if (layers.Length == 0 || samples.Count == 0)
        {
            return weights;
        }

        int[] axes = [.. layers.Select(l => l.OpType is "Gemm" or "MatMul" ? -1 : 1)];
        var expected = Measure(model, [.. layers.Select(l => l.Key)], axes, samples, workers, cancellationToken);
        var corrected = new Dictionary<string, QuantizedWeights>(weights, StringComparer.Ordinal);
        var lowered = QdqLowering.Lower(model, plan, weights, floatWeights: true);
        var runs = new StagedRuns(lowered.Model, samples, workers, cancellationToken);
        for (int i = 0; i < layers.Length; i++)
        {
            var output = lowered.Model.Graph.Find(lowered.LayerOutputs[layers[i].Key])!;
            if (resolve?.Resolve(layers[i], output.Producer!, runs) is { } anew)
            {
                corrected[layers[i].Key] = anew;
            }

            if (!correct)
            {
                progress?.Invoke();
                continue;
            }

            var measured = new ChannelMeans(samples.Count, [axes[i]]);
            runs.RunTo(output, (sample, outputs) => measured.Add(sample, outputs));
            double[] shift = Shift(expected, i, measured, samples.Count);
            var old = corrected[layers[i].Key];
            var bias = shift.Select((s, c) => (float)((old.Bias is { } b ? b[c] : 0) + s)).ToArray();
            corrected[layers[i].Key] = old with { Bias = [.. bias] };
            SetBias(lowered.Model.Graph, output.Producer!, ((OperatorRole.Weighted)layers[i].Role).BiasInput!.Value, bias);
            progress?.Invoke();
        }

        return corrected;
    }

    /// <summary>
    /// The mean difference of each channel, shrunk by the share of its square that its own uncertainty over the samples explains (James and Stein
    /// 1961, one channel at a time): what few samples cannot tell from chance is left alone, or the corrections of a deep network would add up to noise.
    /// </summary>
    private static double[] Shift(ChannelMeans expected, int layer, ChannelMeans measured, int samples)
    {
        double[] shift = [.. expected.Of(layer).Zip(measured.Of(0), (target, actual) => target - actual)];
        if (samples < 2)
        {
            return shift;
        }

        var squares = new double[shift.Length];
        for (int s = 0; s < samples; s++)
        {
            var target = expected.Of(layer, s);
            var actual = measured.Of(0, s);
            for (int c = 0; c < squares.Length; c++)
            {
                double deviation = target[c] - actual[c] - shift[c];
                squares[c] += deviation * deviation;
            }
        }

        for (int c = 0; c < shift.Length; c++)
        {
            double uncertainty = squares[c] / (samples - 1) / samples;
            shift[c] *= shift[c] == 0 ? 0 : Math.Max(0, 1 - (uncertainty / (shift[c] * shift[c])));
        }

        return shift;
    }

    private static void SetBias(Graph graph, Node layer, int input, float[] bias)
    {
        var tensor = Tensor.FromArray(bias, new Shape(bias.Length));
        if (layer.Input(input) is { } value)
        {
            value.SetConstant(tensor);
        }
        else
        {
            layer.SetInput(input, graph.AddConstant(layer.Output.Name + "_bias", tensor));
        }
    }

    private static ChannelMeans Measure(
        Model model, string[] tensors, int[] axes, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        using var session = ObservedSession.Open(model, tensors, arena: false, GraphOptimization.All);
        var means = new ChannelMeans(samples.Count, axes);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, tensors, cancellationToken);
            means.Add(i, outputs);
        }, cancellationToken);
        return means;
    }
}
