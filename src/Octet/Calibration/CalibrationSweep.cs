using Octet.Calibration.Patches;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Calibration;

/// <summary>
/// Runs all samples once and gathers everything that was asked for. The granule is one sample a run and one thread a run, several runs
/// side by side, so that the numbers do not depend on how many.
/// </summary>
public static class CalibrationSweep
{
    /// <summary>Runs the sweep.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="tensors">Tensors whose statistics are wanted, without repetition.</param>
    /// <param name="patches">Rows that are wanted.</param>
    /// <param name="seed">Seed of the choice of rows.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="progress">Called once for each sample that is done.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <exception cref="OctetException">A sample cannot be loaded or does not fit the model; <see cref="ErrorCodes.TensorNotFinite"/>: a tensor holds NaN or infinities.</exception>
    public static CalibrationResult Run(
        Model model,
        ISampleSource samples,
        IReadOnlyList<string> tensors,
        IReadOnlyList<PatchRequest> patches,
        ulong seed,
        int workers,
        Action? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        string[] observed = [.. tensors.Concat(patches.Select(p => p.Tensor)).Distinct()];
        string[] outputs = [.. observed.Select(t => ObservedSession.OutputName(model.Graph, t))];
        var statistics = tensors.ToDictionary(t => t, _ => new TensorStatistics(), StringComparer.Ordinal);
        PatchCollector[] collectors = [.. patches.Select(p => new PatchCollector(p, seed))];
        var collectorsOf = collectors.ToLookup(c => c.Request.Tensor, StringComparer.Ordinal);
        using (var session = ObservedSession.Open(model, observed))
        {
            ParallelRuns.ForEach(samples.Count, workers, i =>
            {
                using var results = session.Run(samples.Load(i).Inputs, outputs, cancellationToken);
                for (int t = 0; t < observed.Length; t++)
                {
                    var values = results.Span<float>(t);
                    if (statistics.TryGetValue(observed[t], out var statistic))
                    {
                        statistic.Add(i, values);
                    }

                    foreach (var collector in collectorsOf[observed[t]])
                    {
                        collector.Offer(i, values, results.ShapeOf(t));
                    }
                }

                progress?.Invoke();
            }, cancellationToken);
        }

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

        return new CalibrationResult(statistics, collectors.ToDictionary(c => c.Request.Layer, c => c.Finish(), StringComparer.Ordinal));
    }
}
