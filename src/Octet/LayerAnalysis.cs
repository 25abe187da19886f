using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Planning;

namespace Octet;

/// <summary>Measures what the layers of a solved plan cost, on a few of the calibration samples.</summary>
/// <param name="model">The float model.</param>
/// <param name="samples">The calibration samples.</param>
/// <param name="planWith">Plans the model with the layers of some words float.</param>
/// <param name="options">Options of the quantization.</param>
/// <param name="phases">Told the progress.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class LayerAnalysis(
    Model model, ISampleSource samples, Func<IReadOnlyList<string>, Plan> planWith, QuantizerOptions options, Phases phases, CancellationToken cancellationToken)
{
    private const int FewestSamples = 8;
    private const int MostSamples = 32;
    private const int Suspects = 5;

    // Layers up to which each is tried where the worst are looked for; of more, only those of the largest own errors.
    private const int TriedLayers = 64;

    // Small networks take more samples: their outputs have few values. In multiply-accumulates of all samples.
    private const long Work = 2_000_000_000;

    /// <summary>Measures the error of every layer, and what the layers of the largest own errors cost at the outputs.</summary>
    /// <param name="solved">The plan.</param>
    /// <param name="words">What keeps layers float in it.</param>
    public LayerMeasures Measure(SolvedPlan solved, IReadOnlyList<string> words)
    {
        var chosen = Choose(solved.Plan);
        phases.Begin("layers", chosen.Length + Suspects);
        var errors = ErrorsOf(solved, chosen);
        using var costs = CostsOf(solved, words, chosen);
        string[] suspects = [.. errors.ByOwnError(model.Graph).Take(Suspects)];
        var shares = costs.Shares(suspects, options.Threads, phases.Step, cancellationToken);
        return new LayerMeasures(errors, shares.ToDictionary(s => s.Key, s => LayerCosts.CostOf(s.Value), StringComparer.Ordinal), costs.Sqnr);
    }

    /// <summary>The layers that bring most noise to the outputs, by key, with the share of each; fewer where fewer bring any.</summary>
    /// <param name="solved">The plan.</param>
    /// <param name="words">What keeps layers float in it.</param>
    /// <param name="count">How many are wanted.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: there are not more layers than that.</exception>
    public IReadOnlyDictionary<string, double> Worst(SolvedPlan solved, IReadOnlyList<string> words, int count)
    {
        string[] layers = [.. solved.Plan.WeightedLayers.Select(l => l.Key)];
        if (count >= layers.Length)
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, $"\"worst:{count}\" would keep all {layers.Length} layers with weights float", $"give at most worst:{layers.Length - 1}");
        }

        var chosen = Choose(solved.Plan);
        bool all = layers.Length <= Math.Max(TriedLayers, 4 * count);
        int tried = all ? layers.Length : Math.Max(TriedLayers, 4 * count);
        phases.Begin("layers", tried + (all ? 0 : chosen.Length));
        var candidates = all ? layers : [.. ErrorsOf(solved, chosen).ByOwnError(model.Graph).Take(tried)];
        using var costs = CostsOf(solved, words, chosen);
        return costs.Shares(candidates, options.Threads, phases.Step, cancellationToken)
            .Where(c => c.Value > 0)
            .OrderByDescending(c => c.Value).ThenBy(c => Array.IndexOf(layers, c.Key))
            .Take(count).ToDictionary(StringComparer.Ordinal);
    }

    private LayerErrors ErrorsOf(SolvedPlan solved, Sample[] chosen)
        => LayerErrors.Measure(model, solved.Plan, solved.Weights, chosen, options.Threads, phases.Step, cancellationToken);

    private LayerCosts CostsOf(SolvedPlan solved, IReadOnlyList<string> words, Sample[] chosen)
        => new(model, solved.Plan, solved.Weights, keys => planWith([.. words, .. keys]), chosen, CorrectsBiases(options), options.Threads, cancellationToken);

    private static bool CorrectsBiases(QuantizerOptions options) => options.BiasCorrection && options.Effort != Effort.Fast;

    private Sample[] Choose(Plan plan)
    {
        long one = Math.Max(1, plan.Layers.Sum(l => l.MultiplyAccumulates));
        return samples.Spread((int)Math.Clamp(Work / one, FewestSamples, MostSamples));
    }
}
