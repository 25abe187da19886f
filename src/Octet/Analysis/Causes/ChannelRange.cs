using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis.Causes;

/// <summary>The extremes of one channel of a tensor.</summary>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
public readonly record struct ChannelRange(float Min, float Max)
{
    /// <summary>The larger magnitude of the two.</summary>
    public float Bound => Math.Max(Math.Abs(Min), Math.Abs(Max));

    /// <summary>Observes tensors of a model on samples. Extremes only, so that threads do not matter.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="axes">The axis of the channels, by tensor; −1 for the last.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="progress">Called once a sample, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static IReadOnlyDictionary<string, ChannelRange[]> Observe(
        Model model, IReadOnlyDictionary<string, int> axes, IReadOnlyList<Sample> samples, int workers, Action? progress, CancellationToken cancellationToken)
    {
        string[] tensors = [.. axes.Keys];
        string[] outputs = [.. tensors.Select(t => ObservedSession.OutputName(model.Graph, t))];
        var rows = new ChannelRange[samples.Count][][];
        using var session = ObservedSession.Open(model, tensors, arena: false);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var values = session.Run(samples[i].Inputs, outputs, cancellationToken);
            rows[i] = [.. tensors.Select((t, k) => Of(values.Span<float>(k), values.ShapeOf(k), axes[t]))];
            progress?.Invoke();
        }, cancellationToken);
        return tensors.Select((name, k) => (name, k)).ToDictionary(p => p.name, p => Merge([.. rows.Select(r => r[p.k])]), StringComparer.Ordinal);
    }

    private static ChannelRange[] Of(ReadOnlySpan<float> values, Shape shape, int axis)
    {
        axis = axis < 0 ? shape.Rank + axis : axis;
        if (axis < 0 || axis >= shape.Rank || values.IsEmpty)
        {
            return [];
        }

        int channels = (int)shape[axis];
        int inner = (int)shape.CountAfter(axis);
        var ranges = new ChannelRange[channels];
        Array.Fill(ranges, new ChannelRange(float.PositiveInfinity, float.NegativeInfinity));
        for (int i = 0; i < values.Length / inner; i++)
        {
            var run = values.Slice(i * inner, inner);
            ref var range = ref ranges[i % channels];
            range = new ChannelRange(Math.Min(range.Min, TensorPrimitives.Min(run)), Math.Max(range.Max, TensorPrimitives.Max(run)));
        }

        return ranges;
    }

    private static ChannelRange[] Merge(ChannelRange[][] samples)
    {
        int channels = samples.Min(s => s.Length);
        return [.. Enumerable.Range(0, channels).Select(c => new ChannelRange(samples.Min(s => s[c].Min), samples.Max(s => s[c].Max)))];
    }
}
