using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>Summarizes the activations of a plan as the float model has them, with what quantizing each by itself does to it.</summary>
public static class TensorSummaries
{
    /// <summary>Runs the float model over samples.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Samples side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called once a sample, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>By tensor; constants and tensors without values are absent.</returns>
    public static IReadOnlyDictionary<string, TensorSummary> Measure(
        Model model, Plan plan, IReadOnlyList<Sample> samples, int workers, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(samples);
        string[] tensors = [.. plan.Slots.Select(s => s.Tensor).Where(t => !model.Graph.Find(t)!.IsConstant)];
        if (tensors.Length == 0)
        {
            return ImmutableDictionary<string, TensorSummary>.Empty;
        }

        string[] outputs = [.. tensors.Select(t => ObservedSession.OutputName(model.Graph, t))];
        var rows = new TensorSummary?[samples.Count][];
        using var session = ObservedSession.Open(model, tensors, arena: false);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var values = session.Run(samples[i].Inputs, outputs, cancellationToken);
            rows[i] = [.. tensors.Select((t, k) => values.Span<float>(k) is { IsEmpty: false } span ? Of(span, plan.ParamsOf(t)) : null)];
            progress?.Invoke();
        }, cancellationToken);
        return tensors.Select((tensor, k) => (tensor, Rows: rows.Select(r => r[k]).OfType<TensorSummary>().ToArray()))
            .Where(p => p.Rows.Length > 0)
            .ToDictionary(p => p.tensor, p => TensorSummary.Merge(p.Rows), StringComparer.Ordinal);
    }

    private static TensorSummary Of(ReadOnlySpan<float> values, QuantParams parameters)
    {
        var quantized = new float[values.Length];
        FakeQuant.Apply(values, parameters, quantized);
        return TensorSummary.Of(values, quantized);
    }
}
