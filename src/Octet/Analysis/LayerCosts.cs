using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>
/// Measures what quantizing a layer costs at the network's outputs: the model is planned once more with layers kept float, with the
/// ranges and weights that stand, and run as it would ship. What the target then leaves float beside them counts, too.
/// </summary>
public sealed class LayerCosts : IDisposable
{
    private readonly Model model;
    private readonly Plan plan;
    private readonly IReadOnlyDictionary<string, QuantizedWeights> weights;
    private readonly Func<IReadOnlyList<string>, Plan> planWithout;
    private readonly IReadOnlyList<Sample> samples;
    private readonly bool meanCorrected;
    private readonly FloatSession reference;
    private readonly string[] outputs;
    private readonly SessionOutputs[] expected;
    private readonly OutputNoise[] whole;

    /// <summary>Runs the float model and the model with everything quantized.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key.</param>
    /// <param name="planWithout">Plans the model with more layers float, named by their keys.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="meanCorrected">
    /// Whether biases take up mean errors. Then those of the layers behind fit only while all is quantized, and an error's mean
    /// over the samples says nothing of the layer that is kept float: it is left out of the costs.
    /// </param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public LayerCosts(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        Func<IReadOnlyList<string>, Plan> planWithout,
        IReadOnlyList<Sample> samples,
        bool meanCorrected,
        int workers,
        CancellationToken cancellationToken = default)
    {
        this.model = model;
        this.plan = plan;
        this.weights = weights;
        this.planWithout = planWithout;
        this.samples = samples;
        this.meanCorrected = meanCorrected;
        reference = Open(model);
        outputs = [.. reference.Outputs.Where(o => o.ElementType == ElementType.Float32).Select(o => o.Name)];
        expected = new SessionOutputs[samples.Count];
        ParallelRuns.ForEach(samples.Count, workers, i => expected[i] = reference.Run(samples[i].Inputs, outputs, cancellationToken), cancellationToken);
        whole = NoiseOf(plan, cancellationToken);
    }

    /// <summary>With everything quantized that is planned: −10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf², in dB.</summary>
    public double Sqnr => -10 * Math.Log10(whole.Average(o => o.Ratio(centred: false)));

    /// <summary>
    /// By how many dB the outputs' signal-to-noise ratio rises where one layer stays float; negative where it falls. With n samples it is
    /// known to about 2/√n dB: any change of one layer changes how the others' errors happen to add up.
    /// </summary>
    /// <param name="keys">Keys of layers with quantized weights.</param>
    /// <param name="workers">Layers side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called once a layer, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IReadOnlyDictionary<string, double> Gains(
        IReadOnlyList<string> keys, int workers, Action? progress = null, CancellationToken cancellationToken = default)
    {
        double with = NoiseRatio(whole);
        double Gain(string key)
        {
            double without = NoiseRatio(NoiseOf(Solved(planWithout([key])), cancellationToken));
            return with == without ? 0 : 10 * Math.Log10(with / without);
        }

        return ForEach(keys, workers, Gain, progress, cancellationToken);
    }

    /// <summary>
    /// The noise at the outputs with one layer alone quantized, as a share of that with all: what the layer itself brings in, more exactly
    /// known than <see cref="Gains"/>. The shares of all layers do not add up to 1, since errors of several layers may agree or cancel.
    /// </summary>
    /// <inheritdoc cref="Gains"/>
    public IReadOnlyDictionary<string, double> Shares(
        IReadOnlyList<string> keys, int workers, Action? progress = null, CancellationToken cancellationToken = default)
    {
        double all = NoiseRatio(whole);
        string[] layers = [.. plan.WeightedLayers.Select(l => l.Key)];
        double Share(string key)
        {
            double alone = NoiseRatio(NoiseOf(Solved(planWithout([.. layers.Where(l => l != key)])), cancellationToken));
            return alone == 0 ? 0 : alone / all;
        }

        return ForEach(keys, workers, Share, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in expected)
        {
            output.Dispose();
        }

        reference.Dispose();
    }

    private static Dictionary<string, double> ForEach(
        IReadOnlyList<string> keys, int workers, Func<string, double> measure, Action? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var values = new double[keys.Count];
        ParallelRuns.ForEach(keys.Count, workers, i =>
        {
            values[i] = measure(keys[i]);
            progress?.Invoke();
        }, cancellationToken);
        return keys.Zip(values).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
    }

    private static FloatSession Open(Model model) => new(OnnxFormat.ToBytes(model));

    // A plan with less quantized has no tensors and no shared scales that the whole one has not.
    private Plan Solved(Plan smaller) => smaller with { Slots = [.. smaller.Slots.Select(s => s with { Params = plan.ParamsOf(s.Tensor) })] };

    private double NoiseRatio(OutputNoise[] noise) => noise.Average(o => o.Ratio(meanCorrected));

    private OutputNoise[] NoiseOf(Plan tried, CancellationToken cancellationToken)
    {
        using var session = Open(QdqLowering.Lower(model, tried, weights).Model);
        OutputNoise[] noise = [.. outputs.Select(_ => new OutputNoise())];
        for (int i = 0; i < samples.Count; i++)
        {
            using var actual = session.Run(samples[i].Inputs, outputs, cancellationToken);
            for (int o = 0; o < outputs.Length; o++)
            {
                noise[o].Add(expected[i].Span<float>(o), actual.Span<float>(o));
            }
        }

        return noise;
    }
}
