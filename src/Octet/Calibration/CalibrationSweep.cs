using System.Collections.Immutable;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

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
    /// <param name="tensors">Tensors whose statistics are wanted, without repetition.</param>
    /// <param name="needs">What is wanted of each tensor besides its histogram.</param>
    /// <param name="patches">Rows that are wanted.</param>
    /// <param name="seed">Seed of the choice of rows.</param>
    /// <param name="workers">Runs side by side, ≥ 1; one where a need is ordered.</param>
    /// <param name="progress">Called once for each sample of each sweep that is done; <see cref="SweepsFor"/> tells how many sweeps.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <exception cref="OctetException">A sample cannot be loaded or does not fit the model; <see cref="ErrorCodes.TensorNotFinite"/>: a tensor holds NaN or infinities.</exception>
    public static CalibrationResult Run(
        Model model,
        ISampleSource samples,
        IReadOnlyList<string> tensors,
        ImmutableArray<StatisticNeed> needs,
        IReadOnlyList<PatchRequest> patches,
        ulong seed,
        int workers,
        Action? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        var statistics = tensors.ToDictionary(t => t, _ => new TensorStatistics(), StringComparer.Ordinal);
        PatchCollector[] collectors = [.. patches.Select(p => new PatchCollector(p, seed))];
        var collectorsOf = collectors.ToLookup(c => c.Request.Tensor, StringComparer.Ordinal);
        StatisticNeed[] second = [.. needs.Where(n => n.Kind == StatisticKind.SecondSweep)];
        StatisticNeed[] first = [.. needs.Except(second).Concat(second.SelectMany(n => n.Requires)).Distinct()];
        workers = needs.Any(n => n.Kind == StatisticKind.Ordered) ? 1 : workers;
        Sweep([.. tensors.Concat(patches.Select(p => p.Tensor)).Distinct()], (tensor, i, values, shape) =>
        {
            if (statistics.TryGetValue(tensor, out var statistic))
            {
                statistic.Add(i, values);
                Feed(statistic, first, i, values, shape);
            }

            foreach (var collector in collectorsOf[tensor])
            {
                collector.Offer(i, values, shape);
            }
        });
        ThrowIfNotFinite(statistics, samples);
        if (second.Length > 0)
        {
            Sweep([.. tensors], (tensor, i, values, shape) => Feed(statistics[tensor], second, i, values, shape));
        }

        return new CalibrationResult(statistics, collectors.ToDictionary(c => c.Request.Layer, c => c.Finish(), StringComparer.Ordinal));

        void Sweep(string[] observed, Observer observe)
        {
            using var session = ObservedSession.Open(model, observed);
            string[] outputs = [.. observed.Select(t => ObservedSession.OutputName(model.Graph, t))];
            ParallelRuns.ForEach(samples.Count, workers, i =>
            {
                using var results = session.Run(samples.Load(i).Inputs, outputs, cancellationToken);
                for (int t = 0; t < observed.Length; t++)
                {
                    observe(observed[t], i, results.Span<float>(t), results.ShapeOf(t));
                }

                progress?.Invoke();
            }, cancellationToken);
        }
    }

    /// <summary>How many times all samples are run: 1 or 2.</summary>
    public static int SweepsFor(ImmutableArray<StatisticNeed> needs) => needs.Any(n => n.Kind == StatisticKind.SecondSweep) ? 2 : 1;

    private delegate void Observer(string tensor, int sample, ReadOnlySpan<float> values, Shape shape);

    private static void Feed(TensorStatistics statistics, StatisticNeed[] needs, int sample, ReadOnlySpan<float> values, Shape shape)
    {
        foreach (var need in needs)
        {
            statistics.Begin(need).Add(sample, values, shape);
        }
    }

    private static void ThrowIfNotFinite(Dictionary<string, TensorStatistics> statistics, ISampleSource samples)
    {
        foreach (var (name, statistic) in statistics)
        {
            if (statistic.FirstBadSample is { } bad)
            {
                throw new OctetException(
                    ErrorCodes.TensorNotFinite,
                    $"tensor \"{name}\" holds NaN or infinite values, first with calibration sample {bad} (\"{samples.NameOf(bad)}\")",
                    "check that sample and its preprocessing, or whether the float model itself overflows");
            }
        }
    }
}
