using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Calibration;

/// <summary>
/// Runs all samples once, or twice where something needs to know the extremes first, and gathers everything that was asked for. The
/// granule is one sample a run and one thread a run, several runs side by side, so that the numbers do not depend on how many.
/// </summary>
public static class CalibrationSweep
{
    /// <summary>Runs the sweep.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="workers">Runs side by side, ≥ 1; what is ordered, they gather in turn.</param>
    /// <param name="progress">Called once for each sample of each sweep that is done; <see cref="SweepRequest.Sweeps"/> tells how many sweeps.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <exception cref="OctetException">A sample cannot be loaded or does not fit the model; <see cref="ErrorCodes.TensorNotFinite"/>: a tensor holds NaN or infinities.</exception>
    public static CalibrationResult Run(
        Model model, ISampleSource samples, SweepRequest request, int workers, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(request);
        var statistics = request.Tensors.ToDictionary(t => t, t => request.First?[t] ?? new TensorStatistics(request.Groups), StringComparer.Ordinal);
        PatchCollector[] collectors = [.. request.Patches.Select(p => new PatchCollector(p, request.Seed))];
        var collectorsOf = collectors.ToLookup(c => c.Request.Tensor, StringComparer.Ordinal);
        bool isFirst = request.First is null;
        StatisticNeed[] second = [.. request.Second];
        StatisticNeed[] first = [.. request.FirstNeeds];
        workers = Math.Min(workers, request.Observation?.Workers ?? workers);
        StatisticNeed[] ordered = [.. first.Where(n => n.Kind == StatisticKind.Ordered)];
        first = [.. first.Except(ordered)];
        if (isFirst || first.Length + ordered.Length > 0 || collectors.Length > 0)
        {
            Sweep(request.Tensors.Concat(request.Patches.Select(p => p.Tensor)).Distinct(), ordered, (tensor, values) =>
            {
                if (statistics.TryGetValue(tensor, out var statistic))
                {
                    if (isFirst)
                    {
                        statistic.Add(values);
                    }

                    Feed(statistic, first, values);
                }

                foreach (var collector in collectorsOf[tensor])
                {
                    collector.Offer(values.Sample, values.Values, values.Shape);
                }
            });
            ThrowIfNotFinite(statistics, samples, request.FirstSample);
        }

        if (second.Length > 0)
        {
            Sweep(request.Tensors, [], (tensor, values) => Feed(statistics[tensor], second, values));
        }

        return new CalibrationResult(statistics, collectors.ToDictionary(c => c.Request.Layer, c => c.Finish(), StringComparer.Ordinal));

        void Sweep(IEnumerable<string> tensors, StatisticNeed[] inTurn, Observer observe)
        {
            string[] all = [.. tensors];
            IEnumerable<string[]> groups = request.Observation is { } plan ? plan.Groups.Select(g => g.Intersect(all).ToArray()) : [all];

            // There may be nothing to look at: everything stays float.
            foreach (string[] observed in groups.Where(g => g.Length > 0))
            {
                using var session = ObservedSession.Open(model, observed, arena: request.Observation is null);
                string[] outputs = [.. observed.Select(t => ObservedSession.OutputName(model.Graph, t))];
                var turns = new Turns(observed.Length);
                ParallelRuns.ForEach(samples.Count, workers, i =>
                {
                    try
                    {
                        using var results = session.Run(samples.Load(i).Inputs, outputs, cancellationToken);
                        for (int t = 0; t < observed.Length; t++)
                        {
                            using var values = new SampleValues(request.FirstSample + i, results.Span<float>(t), results.ShapeOf(t));
                            observe(observed[t], values);
                            if (inTurn.Length > 0 && statistics.TryGetValue(observed[t], out var statistic))
                            {
                                turns.Wait(t, i);
                                Feed(statistic, inTurn, values);
                                turns.Done(t);
                            }
                        }
                    }
                    catch
                    {
                        turns.Fail(i);
                        throw;
                    }

                    progress?.Invoke();
                }, cancellationToken);
                if (request.Observation is not null)
                {
                    // What one group leaves behind must not lie beside the next.
                    GC.Collect();
                }
            }
        }
    }

    private delegate void Observer(string tensor, SampleValues values);

    private static void Feed(TensorStatistics statistics, StatisticNeed[] needs, SampleValues values)
    {
        foreach (var need in needs)
        {
            statistics.Begin(need).Add(values);
        }
    }

    private static void ThrowIfNotFinite(Dictionary<string, TensorStatistics> statistics, ISampleSource samples, int firstSample)
    {
        foreach (var (name, statistic) in statistics)
        {
            if (statistic.FirstBadSample is { } bad)
            {
                throw new OctetException(
                    ErrorCodes.TensorNotFinite,
                    $"tensor \"{name}\" holds NaN or infinite values, first with calibration sample {bad} (\"{samples.NameOf(bad - firstSample)}\")",
                    "check that sample and its preprocessing, or whether the float model itself overflows");
            }
        }
    }
}
