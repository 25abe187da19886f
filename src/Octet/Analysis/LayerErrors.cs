using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>
/// Measures how far the output of every quantized layer with weights is from the float one, with everything before it quantized. The float
/// run and the quantized run of a sample stand side by side, and only sums are kept.
/// </summary>
public sealed class LayerErrors
{
    private readonly Plan plan;
    private readonly Dictionary<string, ErrorSums[]> rows;
    private readonly Dictionary<string, ErrorSums> sums;

    private LayerErrors(Plan plan, Dictionary<string, ErrorSums[]> rows)
    {
        this.plan = plan;
        this.rows = rows;
        sums = rows.ToDictionary(r => r.Key, r => ErrorSums.Total(r.Value), StringComparer.Ordinal);
    }

    /// <summary>Runs the measurement: two runs a sample.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Samples side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called once a sample, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static LayerErrors Measure(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyList<Sample> samples,
        int workers,
        Action? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(samples);
        string[] keys = [.. plan.WeightedLayers.Select(l => l.Key)];
        if (keys.Length == 0)
        {
            return new LayerErrors(plan, []);
        }

        // Layers that put out floats without being rounded are seen before requantization, as the float model's are.
        var lowered = QdqLowering.Lower(model, plan, weights, floatWeights: true);
        string[] names = [.. keys.Select(k => lowered.LayerOutputs[k])];
        using var reference = ObservedSession.Open(model, keys, arena: false, GraphOptimization.All);
        using var quantized = ObservedSession.Open(lowered.Model, names, arena: false, GraphOptimization.All);
        var rows = new ErrorSums[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var expected = reference.Run(samples[i].Inputs, keys, cancellationToken);
            using var actual = quantized.Run(samples[i].Inputs, names, cancellationToken);
            rows[i] = [.. keys.Select((_, l) => ErrorSums.Of(expected.Span<float>(l), actual.Span<float>(l)))];
            progress?.Invoke();
        }, cancellationToken);
        return new LayerErrors(plan, keys.Select((key, l) => (key, l)).ToDictionary(p => p.key, p => (ErrorSums[])[.. rows.Select(r => r[p.l])], StringComparer.Ordinal));
    }

    /// <summary>10·log₁₀(Σf² / Σ(f−q)²) of a layer's output in dB; +∞ without error. Null where the layer was not measured.</summary>
    /// <param name="key">The layer's key.</param>
    public double? SqnrOf(string key) => sums.TryGetValue(key, out var sum) && sum.Count > 0 ? sum.Sqnr : null;

    /// <summary>All measures of a layer's output. Null where the layer was not measured.</summary>
    /// <param name="key">The layer's key.</param>
    public ErrorMeasures? MeasuresOf(string key) => rows.TryGetValue(key, out var samples) ? ErrorMeasures.Of(samples) : null;

    /// <summary>
    /// The measured layers, those first that add most error themselves: by their noise-to-signal ratio less that of the
    /// noisiest layer before them.
    /// </summary>
    /// <param name="graph">The float graph.</param>
    public IReadOnlyList<string> ByOwnError(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var before = new Dictionary<Value, double>();
        foreach (var node in graph.Nodes)
        {
            double inherited = node.Inputs.OfType<Value>().Select(v => before.GetValueOrDefault(v)).DefaultIfEmpty().Max();
            foreach (var output in node.Outputs.OfType<Value>())
            {
                before[output] = sums.TryGetValue(output.Name, out var sum) ? NoiseRatio(sum) : inherited;
            }
        }

        double Own(LayerPlan layer) => NoiseRatio(sums[layer.Key]) - layer.NodeIn(graph).Inputs.OfType<Value>().Select(v => before.GetValueOrDefault(v)).Max();
        return [.. plan.WeightedLayers.OrderByDescending(Own).Select(l => l.Key)];
    }

    private static double NoiseRatio(in ErrorSums sum) => sum.Noise == 0 ? 0 : sum.Noise / sum.Signal;
}
