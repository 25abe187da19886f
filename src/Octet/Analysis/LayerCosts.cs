using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>
/// Measures what quantizing a layer costs at the network's outputs: the model is planned once more with all other layers kept float, with the
/// ranges and weights that stand, and run as it would ship.
/// </summary>
public sealed class LayerCosts : IDisposable
{
    private readonly Model model;
    private readonly Plan plan;
    private readonly IReadOnlyDictionary<string, QuantizedWeights> weights;
    private readonly Func<IReadOnlyList<string>, Plan> planWithout;
    private readonly bool meanCorrected;
    private readonly OutputErrors outputs;
    private readonly OutputNoise[] whole;

    /// <summary>Runs the float model and the model with everything quantized.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key.</param>
    /// <param name="planWithout">Plans the model with more layers float, named by their keys.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="meanCorrected">
    /// Whether biases take up mean errors. Each does so for all layers before it, too, and fits only while these are quantized: an error's mean over
    /// the samples then says nothing of a layer alone, and is left out.
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
        this.meanCorrected = meanCorrected;
        outputs = new OutputErrors(model, samples, workers, cancellationToken);
        whole = NoiseOf(plan, cancellationToken);
    }

    /// <summary>With everything quantized that is planned: −10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf², in dB.</summary>
    public double Sqnr => OutputErrors.Sqnr(whole);

    /// <summary>The signal-to-noise ratio of the outputs with one layer alone quantized, in dB, from its share; +∞ for 0.</summary>
    /// <param name="share">One of <see cref="Shares"/>.</param>
    public double SqnrOf(double share) => -10 * Math.Log10(share * NoiseRatio(whole));

    /// <summary>What a share of the noise costs: 10·log₁₀(1 / (1 − share)) in dB, by which the signal-to-noise ratio would rise without it; at most 20.</summary>
    /// <param name="share">From 0; 1 and more count as 0.99.</param>
    public static double CostOf(double share) => -10 * Math.Log10(1 - Math.Min(share, 0.99));

    /// <summary>
    /// The noise at the outputs with one layer alone quantized, as a share of that with all. (What leaving the layer float gains is no good
    /// measure: each change makes all other errors add up in another way, which over a few samples is worth more than most layers.) The
    /// shares of all layers do not add up to 1, since errors of several layers may agree or cancel.
    /// </summary>
    /// <param name="keys">Keys of layers with quantized weights.</param>
    /// <param name="workers">Layers side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called once a layer, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IReadOnlyDictionary<string, double> Shares(
        IReadOnlyList<string> keys, int workers, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        double all = NoiseRatio(whole);
        string[] layers = [.. plan.WeightedLayers.Select(l => l.Key)];
        var shares = new double[keys.Count];
        ParallelRuns.ForEach(keys.Count, workers, i =>
        {
            double alone = NoiseRatio(NoiseOf(Solved(planWithout([.. layers.Where(l => l != keys[i])])), cancellationToken));
            shares[i] = alone == 0 ? 0 : alone / all;
            progress?.Invoke();
        }, cancellationToken);
        return keys.Zip(shares).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => outputs.Dispose();

    // A plan with less quantized has no tensors and no shared scales that the whole one has not.
    private Plan Solved(Plan smaller) => smaller with { Slots = [.. smaller.Slots.Select(s => s with { Params = plan.ParamsOf(s.Tensor) })] };

    private double NoiseRatio(OutputNoise[] noise) => OutputErrors.NoiseRatio(noise, meanCorrected);

    private OutputNoise[] NoiseOf(Plan tried, CancellationToken cancellationToken)
        => outputs.Of(QdqLowering.Lower(model, tried, weights).Model, cancellationToken);
}
