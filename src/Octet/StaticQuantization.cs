using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Calibration.Patches;
using Octet.Data;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;

namespace Octet;

/// <summary>Quantizes weights and activations with scales from calibration data: plan, sweep, ranges, weights, biases, integer graph.</summary>
internal sealed class StaticQuantization(Model model, ISampleSource samples, QuantizerOptions options, Phases phases, CancellationToken cancellationToken)
{
    /// <summary>Does the work. The model is not changed.</summary>
    public (Model Model, Plan Plan, ImmutableArray<LayerReport> Layers, ImmutableArray<TensorReport> Tensors) Run()
    {
        var target = TargetCatalog.Find(options.Target);
        phases.Begin("planning", 1);
        var types = TypeProbe.Run(model, samples.Load(0).Inputs, cancellationToken);
        var plan = Planner.Build(model.Graph, target, types, options.KeepFloat);

        phases.Begin("calibration", samples.Count);
        var observed = plan.Slots.Select(s => s.Source).OfType<SlotSource.Calibrated>().SelectMany(s => s.Observed).Distinct().ToArray();
        var statistics = CalibrationSweep.Run(
            model, samples, observed, PatchRequests(plan), options.Seed, options.Threads, phases.Step, cancellationToken);

        phases.Begin("ranges", plan.Slots.Length);
        plan = ActivationRanges.Solve(model.Graph, plan, statistics, options, phases.Step, cancellationToken);

        var layers = plan.WeightedLayers.ToArray();
        phases.Begin("weights", layers.Length);
        var solved = new QuantizedWeights[layers.Length];
        Inference.ParallelRuns.ForEach(
            layers.Length,
            options.Threads,
            i =>
            {
                solved[i] = NearestWeights.Round(layers[i].NodeIn(model.Graph), layers[i], plan.ParamsOf(layers[i].DataInputs[0]).Scale);
                phases.Step();
            },
            cancellationToken);
        IReadOnlyDictionary<string, QuantizedWeights> weights = layers.Zip(solved).ToDictionary(p => p.First.Key, p => p.Second, StringComparer.Ordinal);

        if (options.Effort != Effort.Fast && options.BiasCorrection)
        {
            weights = CorrectBiases(plan, weights);
        }

        phases.Begin("writing", 1);
        var lowered = QdqLowering.Lower(model, plan, weights).Model;
        return (lowered, plan, [], []);
    }

    private IReadOnlyDictionary<string, QuantizedWeights> CorrectBiases(Plan plan, IReadOnlyDictionary<string, QuantizedWeights> weights)
    {
        const int Most = 32;
        const int Passes = 2;
        int count = Math.Min(Most, samples.Count);
        phases.Begin("biases", count * (Passes + 1));
        Sample[] chosen = [.. Enumerable.Range(0, count).Select(i => samples.Load((int)((long)i * samples.Count / count)))];
        return BiasCorrection.Run(model, plan, weights, chosen, Passes, options.Threads, _ => phases.Step(), cancellationToken);
    }

    private IReadOnlyList<PatchRequest> PatchRequests(Plan plan) => options.Effort == Effort.Fast ? [] : [];
}
