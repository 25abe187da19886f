using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// Equalization with a check (PPQ 0.6.6, quantization/optim/ssd.py; Meller et al. 2019, "Same, Same But Different"): for each layer and the only one behind it four ways of
/// scaling channels are tried, and the best is kept where it lowers the error of the two, quantized by themselves, well enough. The float network computes the same.
/// </summary>
/// <param name="ChannelRatio">Ranges of channels below this share of the largest count as that.</param>
/// <param name="LossThreshold">The share of the error that a change must come below.</param>
/// <param name="LayerNorm">Whether the layers of a pair are given weights as large as each other's at first.</param>
/// <param name="Iterations">How many times all pairs are gone through.</param>
public sealed record SsdEqualization(double ChannelRatio, double LossThreshold, bool LayerNorm, int Iterations)
{
    private const float Least = 1e-8f;
    private const float LeastActivation = 0.01f;
    private const float MostBeforeShift = 8;
    private const float MostScale = 2;
    private const float MostDataFree = 10;
    private const int Ways = 4;

    /// <summary>Changes the weights of a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="isWanted">Whether a layer is quantized.</param>
    /// <param name="lossOf">The mean squared error that quantizing a network brings at its output: a piece of the model of two layers, and what it reads.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many changes were kept.</returns>
    public int Run(Model model, IReadOnlyList<Sample> samples, Func<Node, bool> isWanted, Func<Model, IReadOnlyList<Sample>, double> lossOf, int workers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(lossOf);
        EqualizationPair[] pairs = [.. EqualizationPair.Find(model.Graph, 1).Where(p => p.Upstream.Length == 1 && p.Downstream.Length == 1 && p.Upstream.Concat(p.Downstream).All(isWanted))];
        foreach (var pair in pairs.Where(p => LayerNorm && LayerwiseEqualization.Largest(p, null, NoOutputs) is not null))
        {
            var (up, down) = LayerwiseEqualization.Largest(pair, null, NoOutputs)!.Value;
            if (up.Max() > 0 && down.Max() > 0)
            {
                float scale = MathF.Sqrt(down.Max() / up.Max());
                Apply(pair, [.. up.Select(_ => scale)]);
            }
        }

        int kept = 0;
        for (int i = 0; i < Iterations; i++)
        {
            kept += pairs.Count(p => Improve(model, p, samples, lossOf, workers, cancellationToken));
        }

        return kept;
    }

    private static IReadOnlyDictionary<Node, float[]> NoOutputs { get; } = new Dictionary<Node, float[]>();

    private bool Improve(Model model, EqualizationPair pair, IReadOnlyList<Sample> samples, Func<Model, IReadOnlyList<Sample>, double> lossOf, int workers, CancellationToken cancellationToken)
    {
        if (LayerwiseEqualization.Largest(pair, null, NoOutputs) is not var (up, down) || up.Max() == 0 || down.Max() == 0)
        {
            return false;
        }

        var (inputs, activations) = Observe(model, pair, samples, workers, cancellationToken);
        string output = pair.Downstream[0].Output.Name;
        string input = pair.Upstream[0].Inputs[0]!.Name;
        double Loss() => lossOf(model.Extract(new Dictionary<string, ElementType>(StringComparer.Ordinal) { [input] = ElementType.Float32 }, [output]), inputs);
        double before = Loss();
        double best = double.PositiveInfinity;
        float[]? chosen = null;
        var original = Weights(pair);
        for (int way = 0; way < Ways; way++)
        {
            float[] scales = Scales(way, up, down, activations);
            Apply(pair, scales);
            double loss = Loss();
            if (loss < before * LossThreshold && loss < best)
            {
                (best, chosen) = (loss, scales);
            }

            Restore(original);
        }

        if (chosen is not null)
        {
            Apply(pair, chosen);
        }

        return chosen is not null;
    }

    private float[] Scales(int way, float[] up, float[] down, float[] activations)
    {
        if (way == 0)
        {
            return [.. up.Zip(down, (u, d) => Math.Clamp(MathF.Sqrt(d / (u + Least)), 1 / MostDataFree, MostDataFree))];
        }

        float[] kernel = Relative(Lifted(up));
        float[] next = Relative(Lifted(down));
        float[] outputs = Relative([.. Lifted(activations).Select(a => Math.Max(a, LeastActivation))]);
        switch (way)
        {
            case 1:
                return [.. kernel.Zip(outputs, Math.Min)];
            case 2:
                float[] scales = [.. kernel.Zip(outputs, Math.Min).Zip(next, (s, n) => Math.Min(s / n, MostBeforeShift))];
                float least = scales.Min();
                return [.. scales.Select(s => Math.Clamp(s / least, 1, MostScale))];
            default:
                return [.. outputs.Zip(kernel.Zip(next, (k, n) => MathF.Sqrt(k / n)), (o, k) => Math.Clamp(MathF.Sqrt(o * k), 1, MostScale))];
        }
    }

    private float[] Lifted(float[] values)
    {
        float floor = (float)(values.Max() * ChannelRatio);
        return [.. values.Select(v => Math.Max(v, floor))];
    }

    private static float[] Relative(float[] values)
    {
        float largest = values.Max();
        return [.. values.Select(v => largest / (v + Least))];
    }

    private static void Apply(EqualizationPair pair, float[] scales)
    {
        new ChannelWeights(pair.Upstream[0]).Scale(null, scales);
        new ChannelWeights(pair.Downstream[0]).Scale(scales, null);
    }

    private static List<(Node Node, int Input, Value Value, Tensor Tensor)> Weights(EqualizationPair pair)
        => [.. pair.Upstream.Concat(pair.Downstream).SelectMany(n => Enumerable.Range(1, 2).Where(i => n.Input(i) is not null).Select(i => (n, i, n.Input(i)!, n.Input(i)!.Constant!)))];

    private static void Restore(List<(Node Node, int Input, Value Value, Tensor Tensor)> weights)
    {
        foreach (var (node, input, value, tensor) in weights)
        {
            value.SetConstant(tensor);
            node.SetInput(input, value);
        }
    }

    /// <summary>What the pair reads, and the mean over the samples of the largest positive output of each channel of its first layer.</summary>
    private static (Sample[] Inputs, float[] Activations) Observe(Model model, EqualizationPair pair, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        string[] names = [pair.Upstream[0].Inputs[0]!.Name, pair.Upstream[0].Output.Name];
        string[] outputs = [.. names.Select(n => ObservedSession.OutputName(model.Graph, n))];
        using var session = ObservedSession.Open(model, names, arena: false);
        var inputs = new Sample[samples.Count];
        var largest = new float[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var results = session.Run(samples[i].Inputs, outputs, cancellationToken);
            inputs[i] = samples[i] with { Inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [names[0]] = results.ToTensor(0) }, Index = i };
            var values = results.Span<float>(1);
            int channels = (int)results.ShapeOf(1)[1];
            int each = values.Length / ((int)results.ShapeOf(1)[0] * channels);
            largest[i] = new float[channels];
            for (int v = 0; v < values.Length; v++)
            {
                ref float of = ref largest[i][v / each % channels];
                of = Math.Max(of, values[v]);
            }
        }, cancellationToken);
        return (inputs, [.. Enumerable.Range(0, largest[0].Length).Select(c => (float)largest.Average(l => (double)l[c]))]);
    }
}
