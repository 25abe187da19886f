using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>Quantizes a model for a trial: ranges by one method and a few samples, weights rounded to the nearest.</summary>
internal static class QuickPlan
{
    /// <summary>Solves a plan and writes it.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">Its structure. Methods that users chose for single tensors do not count.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="method">Name of a threshold method that needs but histograms.</param>
    /// <param name="correctBiases">Whether biases take up the mean shift of the outputs.</param>
    /// <param name="workers">Samples side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Model Lower(Model model, Plan plan, IReadOnlyList<Sample> samples, string method, bool correctBiases, int workers, CancellationToken cancellationToken)
    {
        plan = plan with { Slots = [.. plan.Slots.Select(s => s.Choice is { } c ? s with { Choice = c with { Method = null } } : s)] };
        string[] observed = [.. plan.Observed];
        var statistics = CalibrationSweep.Run(model, SampleSources.FromMemory(samples), new SweepRequest { Tensors = observed }, workers, null, cancellationToken);
        var solved = new ActivationRanges(model.Graph, plan, statistics, ThresholdMethods.Find(method).Name).Solve(workers, null, cancellationToken);
        var weights = solved.WeightedLayers.ToDictionary(l => l.Key, l => NearestWeights.Round(l.NodeIn(model.Graph), l, solved.ParamsOf(l.DataInputs[0])), StringComparer.Ordinal);
        return QdqLowering.Lower(model, solved, !correctBiases ? weights : BiasCorrection.Run(model, solved, weights, samples, workers, cancellationToken: cancellationToken)).Model;
    }
}
