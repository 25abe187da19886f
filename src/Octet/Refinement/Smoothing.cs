using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Moves outliers from the activations that matrix products read to their weights (Xiao et al. 2023, "SmoothQuant", equation 4; the DMQ balancer of Ascend AMCT): activations are
/// divided channel by channel, which is written into what produces them where that is exact, and costs a product of floats otherwise. Where a site's error on samples gets smaller.
/// </summary>
internal static class Smoothing
{
    // In dB of the products' outputs: less may be chance.
    private const double LeastGain = 0.5;

    // A product of its own is paid for with time: it must take half of the noise.
    private const double LeastGainOfProduct = 3;

    private static readonly double[] Strengths = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

    /// <summary>Changes a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="types">Shapes of one sample.</param>
    /// <param name="samples">Some samples.</param>
    /// <param name="always">Whether sites are changed that do not gain, too.</param>
    /// <param name="workers">Work side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was changed, in the order of the graph.</returns>
    public static IReadOnlyList<SmoothedActivation> Run(
        Model model, Plan plan, ObservedTypes types, IReadOnlyList<Sample> samples, bool always, int workers, CancellationToken cancellationToken)
    {
        var sites = SmoothingSite.Find(model.Graph, plan, types);
        if (sites.Count == 0)
        {
            return [];
        }

        var observed = SampledActivations.Observe(model, samples, [.. sites.Select(s => (s.Activation.Name, s.Channels))], workers, cancellationToken);
        var chosen = new (float[] Factors, double Strength, double Gain)?[sites.Count];
        ParallelRuns.ForEach(sites.Count, workers, i => chosen[i] = Choose(sites[i], plan, observed[i], cancellationToken), cancellationToken);
        var changed = new List<SmoothedActivation>();
        for (int i = 0; i < sites.Count; i++)
        {
            if (chosen[i] is var (factors, strength, gain) && (always || gain >= (sites[i].Division is null ? LeastGainOfProduct : LeastGain)))
            {
                sites[i].Apply(factors);
                changed.Add(new SmoothedActivation(sites[i].Activation.Name, [.. sites[i].Layers.Select(l => l.Key)], strength, gain, sites[i].Division is not null));
            }
        }

        model.Graph.RemoveUnused();
        return changed;
    }

    private static (float[] Factors, double Strength, double Gain)? Choose(SmoothingSite site, Plan plan, SampledActivations observed, CancellationToken cancellationToken)
    {
        var trial = new ProductTrial(site.Channels, observed.Rows, plan.TypeOf(site.Layers[0].DataInputs[0]), plan.Target.SymmetricActivations);
        foreach (var layer in site.Layers)
        {
            var (values, outputs) = SmoothingSite.RowsOf(layer.NodeIn(site.Activation.Graph));
            trial.Add(values, outputs, layer.WeightType!.Value, layer.PerChannelWeights);
        }

        var weights = trial.LargestWeights();
        (float[] Factors, double Strength, float Clip)? best = null;
        double least = double.PositiveInfinity;
        foreach (double strength in Strengths)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // None where a channel is so large or small beside the others that it would get no sound factor.
            if (MigrationFactors.OrNone(observed.Largest, weights, strength) is { } factors && trial.Fit(ChannelFactors.Moved(factors)) is var (error, clip) && error < least)
            {
                (best, least) = ((factors, strength, clip), error);
            }
        }

        if (best is not { } found)
        {
            return null;
        }

        var none = ChannelFactors.None(site.Channels);
        double before = trial.Judge(none, trial.Fit(none).Clip);
        double after = trial.Judge(ChannelFactors.Moved(found.Factors), found.Clip);
        return (found.Factors, found.Strength, before > 0 && after > 0 ? 10 * Math.Log10(before / after) : 0);
    }
}
