using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Refinement;

/// <summary>Some rows (of the last axis) of an activation, and the largest magnitude of every channel over all rows.</summary>
/// <param name="Rows">The rows, one behind the other, taken evenly from all of all samples.</param>
/// <param name="Largest">One a channel, ≥ 0.</param>
internal sealed record SampledActivations(float[] Rows, float[] Largest)
{
    private const int MostRows = 256;

    /// <summary>Runs a model for the activations of some values. Each sample has its own rows, so that threads do not matter.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="values">Names and lengths of the last axis.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<SampledActivations> Observe(
        Model model, IReadOnlyList<Sample> samples, IReadOnlyList<(string Name, int Channels)> values, int workers, CancellationToken cancellationToken)
    {
        string[] names = [.. values.Select(v => v.Name)];
        using var session = ObservedSession.Open(model, names, arena: false, GraphOptimization.All);
        int most = Math.Max(1, MostRows / samples.Count);
        var observed = new SampledActivations[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, names, cancellationToken);
            observed[i] = [.. values.Select((v, n) => Of(outputs.Span<float>(n), v.Channels, most))];
        }, cancellationToken);
        return [.. values.Select((v, n) => new SampledActivations(
            [.. observed.SelectMany(o => o[n].Rows)],
            [.. Enumerable.Range(0, v.Channels).Select(c => observed.Max(o => o[n].Largest[c]))]))];
    }

    private static SampledActivations Of(ReadOnlySpan<float> values, int channels, int most)
    {
        int rows = values.Length / channels;
        int taken = Math.Min(rows, most);
        var some = new float[taken * channels];
        for (int r = 0; r < taken; r++)
        {
            values.Slice((int)((long)r * rows / taken) * channels, channels).CopyTo(some.AsSpan(r * channels));
        }

        var largest = new float[channels];
        for (int r = 0; r < rows; r++)
        {
            TensorPrimitives.MaxMagnitude(values.Slice(r * channels, channels), largest, largest);
        }

        return new SampledActivations(some, Array.ConvertAll(largest, Math.Abs));
    }
}
