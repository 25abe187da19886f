using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Refinement;

/// <summary>
/// Cross-layer equalization as PPQ 0.6.6 does it (quantization/algorithm/equalization.py): pair by pair, each channel of the layers in front is multiplied by
/// s = 1 / √(up / down), limited to 0.1 to 10, and the layers behind divided by it, where up and down are the channel's largest weights; in place, again and again.
/// The network computes the same. <see cref="Equalization"/>, which measures what a change brings, is the better one.
/// </summary>
/// <param name="Level">1: across rectifiers and pools; 2: across sums, too.</param>
/// <param name="Iterations">How many times all pairs are gone through.</param>
/// <param name="Threshold">Channels whose up + down is less stay as they are.</param>
public sealed record LayerwiseEqualization(int Level, int Iterations, double Threshold)
{
    private const float MostScale = 10;

    /// <summary>The share of the largest bias that counts as a weight in front; null where biases do not count.</summary>
    public double? BiasShare { get; init; }

    /// <summary>The share of the largest output that counts as a weight in front; null where outputs do not count.</summary>
    public double? ActivationShare { get; init; }

    /// <summary>Changes the weights of a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">What outputs are measured with; not used where they do not count.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The pairs.</returns>
    public IReadOnlyList<EqualizationPair> Run(Model model, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var pairs = EqualizationPair.Find(model.Graph, Level);
        var outputs = ActivationShare is { } share ? Outputs(model, pairs, samples, (float)share, workers, cancellationToken) : [];
        for (int i = 0; i < Iterations; i++)
        {
            foreach (var pair in pairs)
            {
                Equalize(pair, outputs);
            }
        }

        model.Graph.RemoveUnused();
        return pairs;
    }

    private void Equalize(EqualizationPair pair, IReadOnlyDictionary<Node, float[]> outputs)
    {
        if (Largest(pair, BiasShare, outputs) is not var (up, down))
        {
            return;
        }

        float[] scales = [.. up.Zip(down, Scale)];
        foreach (var node in pair.Upstream)
        {
            new ChannelWeights(node).Scale(null, scales);
        }

        foreach (var node in pair.Downstream)
        {
            new ChannelWeights(node).Scale(scales, null);
        }
    }

    /// <summary>The largest weights of each channel in front and behind; null where the layers have unlike numbers of channels.</summary>
    internal static (float[] Up, float[] Down)? Largest(EqualizationPair pair, double? biasShare, IReadOnlyDictionary<Node, float[]> outputs)
    {
        float[]? up = null;
        float[]? down = null;
        foreach (var node in pair.Upstream)
        {
            float[] largest = new ChannelWeights(node).LargestOfOutputs();
            float[]? bias = biasShare is null ? null : node.Input(2)?.Constant?.ToFloats();
            for (int c = 0; c < largest.Length; c++)
            {
                largest[c] = bias is null ? largest[c] : Math.Max(largest[c], Math.Abs(bias[bias.Length == 1 ? 0 : c] * (float)biasShare!.Value));
                largest[c] = outputs.TryGetValue(node, out float[]? values) ? Math.Max(largest[c], values[c]) : largest[c];
            }

            up = Larger(up, largest);
        }

        foreach (var node in pair.Downstream)
        {
            down = Larger(down, new ChannelWeights(node).LargestOfInputs());
        }

        return up is null || down is null || up.Length != down.Length ? null : (up, down);
    }

    // A channel without any weights would become NaN in the original.
    private float Scale(float up, float down)
        => up + down < Threshold || (up == 0 && down == 0) ? 1 : Math.Clamp(1 / MathF.Sqrt(up / down), 1 / MostScale, MostScale);

    // Layers of unlike numbers of channels are no pair.
    private static float[] Larger(float[]? some, float[] others)
        => some is null ? others : some.Length == others.Length ? [.. some.Zip(others, Math.Max)] : [];

    internal static Dictionary<Node, float[]> Outputs(
        Model model, IReadOnlyList<EqualizationPair> pairs, IReadOnlyList<Sample> samples, float share, int workers, CancellationToken cancellationToken)
    {
        Node[] nodes = [.. pairs.SelectMany(p => p.Upstream).Distinct()];
        if (nodes.Length == 0)
        {
            return [];
        }

        string[] names = [.. nodes.Select(n => n.Output.Name)];
        using var session = ObservedSession.Open(model, names, arena: false);
        var ofSamples = new float[samples.Count][][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var outputs = session.Run(samples[i].Inputs, names, cancellationToken);
            ofSamples[i] = [.. names.Select((_, n) => LargestOfChannels(outputs.Span<float>(n), (int)outputs.ShapeOf(n)[1], (int)outputs.ShapeOf(n)[0]))];
        }, cancellationToken);
        return nodes.Select((node, n) => (node, Largest: ofSamples.Select(s => s[n]).Aggregate((a, b) => [.. a.Zip(b, Math.Max)])))
            .ToDictionary(p => p.node, p => (float[])[.. p.Largest.Select(v => v * share)]);
    }

    private static float[] LargestOfChannels(ReadOnlySpan<float> values, int channels, int batch)
    {
        var largest = new float[channels];
        int each = values.Length / (batch * channels);
        for (int i = 0; i < batch * channels; i++)
        {
            largest[i % channels] = Math.Max(largest[i % channels], ChannelWeights.Largest(values.Slice(i * each, each)));
        }

        return largest;
    }
}
