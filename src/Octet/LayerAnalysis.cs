using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet;

/// <summary>Measures what the layers of a solved plan cost, on a few samples.</summary>
/// <param name="quantized">The model with its plan.</param>
/// <param name="samples">The samples to measure on.</param>
/// <param name="options">Options of the quantization.</param>
/// <param name="phases">Told the progress.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class LayerAnalysis(SolvedModel quantized, ISampleSource samples, QuantizerOptions options, Phases phases, CancellationToken cancellationToken)
{
    private const int FewestSamples = 8;
    private const int MostSamples = 32;
    private const int Suspects = 5;
    private const int NamedLayers = 5;

    // Layers up to which each is tried where the worst are looked for; of more, only those of the largest own errors.
    private const int TriedLayers = 64;

    // Small networks take more samples: their outputs have few values. In multiply-accumulates of all samples.
    private const long Work = 2_000_000_000;

    private readonly SolvedPlan solved = quantized.Solved;

    /// <summary>Measures the error of every layer, and what the layers of the largest own errors cost at the outputs.</summary>
    public LayerMeasures Measure()
    {
        var chosen = Choose();
        phases.Begin("layers", chosen.Length + Suspects);
        var errors = ErrorsOf(chosen);
        using var costs = CostsOf(chosen);
        string[] suspects = [.. errors.ByOwnError(quantized.Float.Graph).Take(Suspects)];
        var shares = costs.Shares(suspects, options.Threads, phases.Step, cancellationToken);
        return new LayerMeasures(errors, shares.ToDictionary(s => s.Key, s => LayerCosts.CostOf(s.Value), StringComparer.Ordinal), costs.Sqnr);
    }

    /// <summary>The layers that bring most noise to the outputs, by key, with the share of each; fewer where fewer bring any.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: there are not more layers than that.</exception>
    public IReadOnlyDictionary<string, double> Worst(int count)
    {
        string[] layers = [.. solved.Plan.WeightedLayers.Select(l => l.Key)];
        if (count >= layers.Length)
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, $"\"worst:{count}\" would keep all {layers.Length} layers with weights float", $"give at most worst:{layers.Length - 1}");
        }

        var chosen = Choose();
        bool all = layers.Length <= Math.Max(TriedLayers, 4 * count);
        int tried = all ? layers.Length : Math.Max(TriedLayers, 4 * count);
        phases.Begin("layers", tried + (all ? 0 : chosen.Length));
        var candidates = all ? layers : [.. ErrorsOf(chosen).ByOwnError(quantized.Float.Graph).Take(tried)];
        using var costs = CostsOf(chosen);
        return costs.Shares(candidates, options.Threads, phases.Step, cancellationToken)
            .Where(c => c.Value > 0)
            .OrderByDescending(c => c.Value).ThenBy(c => Array.IndexOf(layers, c.Key))
            .Take(count).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Measures all that an analysis tells: errors accumulated and alone, what makes them, and the tensors.</summary>
    public LayerMeasurement MeasureAll()
    {
        var (model, plan) = (quantized.Float, solved.Plan);
        var chosen = Choose();
        LayerPlan[] layers = [.. plan.WeightedLayers];
        int tried = Math.Min(layers.Length, TriedLayers);
        phases.Begin("layers", (3 * chosen.Length) + tried);
        var errors = ErrorsOf(chosen);
        var noise = LayerNoise.Measure(model, plan, solved.Weights, chosen, options.Threads, phases.Step, cancellationToken);
        var tensors = TensorSummaries.Measure(model, plan, chosen, options.Threads, phases.Step, cancellationToken);
        using var costs = CostsOf(chosen);
        var shares = costs.Shares([.. errors.ByOwnError(model.Graph).Take(tried)], options.Threads, phases.Step, cancellationToken);
        var report = new AnalysisReport
        {
            Version = string.Empty,
            Target = plan.Target.Name,
            Calibration = 0,
            Samples = chosen.Length,
            Sqnr = costs.Sqnr,
            Layers = [.. layers.Select(l => new LayerAnalysisReport(
                l.Name, l.OpType, l.MultiplyAccumulates, errors.MeasuresOf(l.Key)!, noise.MeasuresOf(l.Key), noise.PartsOf(l.Key), shares.TryGetValue(l.Key, out double share) ? costs.SqnrOf(share) : null))],
            Tensors = [.. plan.Slots.Select(s => plan.ParamsOf(s.Tensor) is var p ? new TensorAnalysisReport(s.Tensor, p.Scale, p.ZeroPoint, tensors.GetValueOrDefault(s.Tensor)) : null!)],
            Parameters = [.. layers.SelectMany(l => Parameters(l, model.Graph))],
            Warnings = [.. NoisyLayers(layers, errors)],
        };
        return new LayerMeasurement(report, chosen, noise, tensors);
    }

    private static IEnumerable<string> NoisyLayers(LayerPlan[] layers, LayerErrors errors)
    {
        (LayerPlan Layer, double Ratio)[] noisy =
            [.. layers.Select(l => (l, errors.MeasuresOf(l.Key)!.NoiseRatio)).Where(l => l.NoiseRatio > ErrorMeasures.NoisyRatio).OrderByDescending(l => l.NoiseRatio)];
        if (noisy.Length == 0)
        {
            yield break;
        }

        string worst = string.Join(", ", noisy.Take(NamedLayers).Select(l => FormattableString.Invariant($"{l.Layer.OpType} \"{l.Layer.Name}\" {l.Ratio:0.0%}")));
        string more = noisy.Length > NamedLayers ? FormattableString.Invariant($" and {noisy.Length - NamedLayers} more") : string.Empty;
        yield return FormattableString.Invariant($"{ErrorCodes.LayerNoisy}: the noise has more than {ErrorMeasures.NoisyRatio:0%} of the signal's power at {worst}{more}");
    }

    private static IEnumerable<ParameterSummary> Parameters(LayerPlan layer, Graph graph) => layer.NodeIn(graph).Inputs.OfType<Value>()
        .Where(v => v.Constant is { Type: ElementType.Float32, Count: > 0 })
        .Select(v => ParameterSummary.Of(v.Name, layer.Name, v.Constant!.ToFloats()));

    private LayerErrors ErrorsOf(Sample[] chosen)
        => LayerErrors.Measure(quantized.Float, solved.Plan, solved.Weights, chosen, options.Threads, phases.Step, cancellationToken);

    private LayerCosts CostsOf(Sample[] chosen) => new(
        quantized.Float, solved.Plan, solved.Weights, keys => quantized.PlanWith([.. quantized.Words, .. keys]), chosen, CorrectsBiases(options), options.Threads, cancellationToken);

    private static bool CorrectsBiases(QuantizerOptions options) => options.BiasCorrection && options.Effort != Effort.Fast;

    private Sample[] Choose()
    {
        long one = Math.Max(1, solved.Plan.Layers.Sum(l => l.MultiplyAccumulates));
        return samples.Spread((int)Math.Clamp(Work / one, FewestSamples, MostSamples));
    }
}
