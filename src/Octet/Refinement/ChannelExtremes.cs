using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Refinement;

/// <summary>Extremes and moments of every channel (axis 1) of one value.</summary>
/// <param name="Least">The smallest value of each channel.</param>
/// <param name="Greatest">The largest value of each channel.</param>
/// <param name="Mean">One a channel.</param>
/// <param name="MeanSquare">One a channel, ≥ 0.</param>
internal sealed record ChannelExtremes(float[] Least, float[] Greatest, double[] Mean, double[] MeanSquare)
{
    /// <summary>The largest magnitude of each channel, ≥ 0.</summary>
    public float[] Largest { get; } = [.. Least.Zip(Greatest, (low, high) => Math.Max(-low, high))];

    /// <summary>Observes values of a model, its inputs among them, on samples. Each sample has its own row and rows are added in order, so that threads do not matter.</summary>
    public static Dictionary<string, ChannelExtremes> Observe(
        Model model, IReadOnlyList<Sample> samples, IReadOnlyList<string> values, int workers, CancellationToken cancellationToken)
    {
        using var session = ObservedSession.Open(model, values, arena: false, GraphOptimization.All);
        string[] names = [.. values.Select(v => ObservedSession.OutputName(model.Graph, v))];
        var rows = new ChannelExtremes[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, names, cancellationToken);
            rows[i] = [.. values.Select((_, v) => Of(outputs.Span<float>(v), [.. outputs.ShapeOf(v).Dimensions]))];
        }, cancellationToken);
        return values.Select((name, v) => (name, v)).ToDictionary(p => p.name, p => Merge([.. rows.Select(r => r[p.v])]), StringComparer.Ordinal);
    }

    /// <summary>Of the values less a number a channel.</summary>
    public ChannelExtremes Less(float[] shifts) => new(
        [.. Least.Zip(shifts, (v, s) => v - s)],
        [.. Greatest.Zip(shifts, (v, s) => v - s)],
        [.. Mean.Zip(shifts, (v, s) => v - s)],
        [.. MeanSquare.Select((m, c) => Math.Max(0, m - (2.0 * shifts[c] * Mean[c]) + ((double)shifts[c] * shifts[c])))]);

    private static ChannelExtremes Of(ReadOnlySpan<float> values, long[] dimensions)
    {
        int channels = (int)dimensions[1];
        int inner = (int)dimensions.Skip(2).Aggregate(1L, (product, d) => product * d);
        var least = new float[channels];
        var greatest = new float[channels];
        var means = new double[channels];
        var squares = new double[channels];
        int outer = channels * inner == 0 ? 0 : values.Length / (channels * inner);
        for (int i = 0; i < outer * channels; i++)
        {
            int c = i % channels;
            var run = values.Slice(i * inner, inner);
            least[c] = i < channels ? TensorPrimitives.Min(run) : Math.Min(least[c], TensorPrimitives.Min(run));
            greatest[c] = i < channels ? TensorPrimitives.Max(run) : Math.Max(greatest[c], TensorPrimitives.Max(run));
            means[c] += TensorPrimitives.Sum(run) / (double)Math.Max(1, outer * inner);
            squares[c] += TensorPrimitives.SumOfSquares(run) / Math.Max(1, outer * inner);
        }

        return new ChannelExtremes(least, greatest, means, squares);
    }

    private static ChannelExtremes Merge(ChannelExtremes[] rows)
    {
        int[] channels = [.. Enumerable.Range(0, rows[0].Least.Length)];
        return new ChannelExtremes(
            [.. channels.Select(c => rows.Min(r => r.Least[c]))],
            [.. channels.Select(c => rows.Max(r => r.Greatest[c]))],
            [.. channels.Select(c => rows.Sum(r => r.Mean[c]) / rows.Length)],
            [.. channels.Select(c => rows.Sum(r => r.MeanSquare[c]) / rows.Length)]);
    }
}
