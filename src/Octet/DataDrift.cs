using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Calibration.Advice;
using Octet.Calibration.Files;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Planning;
using Octet.Rewrites;

namespace Octet;

/// <summary>Tells whether evaluation samples are like the calibration samples: at the network's inputs and at every activation that gets a range.</summary>
public static class DataDrift
{
    // More samples show no more of how unlike they are; each is a run of the float network.
    private const int MostSamples = 64;
    private const int Groups = 8;

    /// <summary>Compares samples with those that a plan was calibrated with.</summary>
    /// <param name="modelPath">The float model.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="calibration">Calibration samples; at most 64 of them are run.</param>
    /// <param name="evaluation">Evaluation samples; at most 64 of them are run.</param>
    /// <param name="threads">Samples run side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model or a sample is at fault.</exception>
    public static ImmutableArray<TensorDrift> Measure(
        string modelPath, Plan plan, ISampleSource calibration, ISampleSource evaluation, int threads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var model = Read(modelPath, cancellationToken);
        return Measure(model, plan, calibration, evaluation, threads, cancellationToken);
    }

    /// <summary>Compares samples with those that statistics are of.</summary>
    /// <param name="modelPath">The float model.</param>
    /// <param name="statistics">What was gathered of the calibration samples.</param>
    /// <param name="evaluation">Evaluation samples; at most 64 of them are run.</param>
    /// <param name="threads">Samples run side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model or a sample is at fault.</exception>
    public static ImmutableArray<TensorDrift> Measure(
        string modelPath, CalibrationStatistics statistics, ISampleSource evaluation, int threads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var model = Read(modelPath, cancellationToken);
        string[] tensors = [.. statistics.Tensors.Keys.Where(t => model.Graph.Find(t) is not null)];
        var seen = Observe(model, tensors, evaluation, threads, cancellationToken);
        return DriftTest.Run(tensors.Select(t => (t, statistics.Tensors[t].Statistics, seen[t])));
    }

    internal static ImmutableArray<TensorDrift> Measure(
        Model model, Plan plan, ISampleSource calibration, ISampleSource evaluation, int threads, CancellationToken cancellationToken)
    {
        string[] tensors = [.. plan.Observed.Where(t => model.Graph.Find(t) is not null)];
        var (first, second) = (Observe(model, tensors, calibration, threads, cancellationToken), Observe(model, tensors, evaluation, threads, cancellationToken));
        return DriftTest.Run(tensors.Select(t => (t, first[t], second[t])));
    }

    private static Model Read(string path, CancellationToken cancellationToken)
    {
        var model = OnnxFormat.Read(path);
        model.Graph.FixInputDefaults();
        RewritePipeline.Simplify.Run(model, cancellationToken);
        return model;
    }

    private static IReadOnlyDictionary<string, TensorStatistics> Observe(Model model, string[] tensors, ISampleSource samples, int threads, CancellationToken cancellationToken)
        => CalibrationSweep.Run(
            model, SampleSources.FromMemory(samples.Spread(MostSamples)), new SweepRequest { Tensors = tensors, Groups = Groups }, threads, null, cancellationToken).Tensors;
}
