using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Refinement;

/// <summary>The largest magnitude and the mean square of every channel (axis 1) of one value.</summary>
/// <param name="Largest">One a channel, ≥ 0.</param>
/// <param name="MeanSquare">One a channel, ≥ 0.</param>
internal sealed record ChannelExtremes(float[] Largest, double[] MeanSquare)
{
    /// <summary>Observes values of a model on samples. Each sample has its own row and rows are added in order, so that threads do not matter.</summary>
    public static IReadOnlyDictionary<string, ChannelExtremes> Observe(
        Model model, IReadOnlyList<Sample> samples, IReadOnlyList<string> values, int workers, CancellationToken cancellationToken)
    {
        using var session = ObservedSession.Open(model, values, arena: false);
        var rows = new ChannelExtremes[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, values, cancellationToken);
            rows[i] = [.. values.Select((_, v) => Of(outputs.Span<float>(v), [.. outputs.ShapeOf(v).Dimensions]))];
        }, cancellationToken);
        return values.Select((name, v) => (name, v)).ToDictionary(p => p.name, p => Merge([.. rows.Select(r => r[p.v])]), StringComparer.Ordinal);
    }

    private static ChannelExtremes Of(ReadOnlySpan<float> values, long[] dimensions)
    {
        int channels = (int)dimensions[1];
        int inner = (int)dimensions.Skip(2).Aggregate(1L, (product, d) => product * d);
        var largest = new float[channels];
        var squares = new double[channels];
        int outer = channels * inner == 0 ? 0 : values.Length / (channels * inner);
        for (int i = 0; i < outer * channels; i++)
        {
            var run = values.Slice(i * inner, inner);
            largest[i % channels] = Math.Max(largest[i % channels], Math.Abs(TensorPrimitives.MaxMagnitude(run)));
            squares[i % channels] += TensorPrimitives.SumOfSquares(run) / Math.Max(1, outer * inner);
        }

        return new ChannelExtremes(largest, squares);
    }

    private static ChannelExtremes Merge(ChannelExtremes[] rows)
    {
        int channels = rows[0].Largest.Length;
        return new ChannelExtremes(
            [.. Enumerable.Range(0, channels).Select(c => rows.Max(r => r.Largest[c]))],
            [.. Enumerable.Range(0, channels).Select(c => rows.Sum(r => r.MeanSquare[c]) / rows.Length)]);
    }
}
