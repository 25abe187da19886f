using System.Numerics.Tensors;
using Octet.Graphs;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Predicts the noise that quantization of a channel group's values and of the weights that read them leaves at the outputs of the reading layers,
/// relative to the outputs' power, for channels multiplied by given numbers: rounding noise of step²/12 a value (Widrow and Kollár 2008),
/// channels taken as independent.
/// </summary>
internal sealed class GroupNoise
{
    private const double WeightSteps = 127;

    // The error of a weight is the same at every position and in every sample: what averages the activations' noise away behind the
    // layer (pools, sums over many positions) leaves it. 4 to 64 serve networks with and without global pools alike.
    private const double Coherence = 16;

    private readonly int channels;
    private readonly ChannelExtremes[] values;
    private readonly double[] codes;
    private readonly List<(int[] Noisy, ChannelExtremes Input, ChannelWeights Weights, double[] Gain, bool PerChannel)> consumers = [];

    /// <summary>Prepares the sums.</summary>
    /// <param name="group">The group.</param>
    /// <param name="extremes">Of those of its values that are quantized.</param>
    /// <param name="plan">Tells their types.</param>
    /// <param name="perChannel">Layers with a weight scale for each output channel.</param>
    public GroupNoise(ChannelGroup group, IReadOnlyDictionary<string, ChannelExtremes> extremes, Plan plan, IReadOnlySet<Node> perChannel)
    {
        channels = group.Channels;
        Value[] quantized = [.. group.Values.Where(v => extremes.ContainsKey(v.Name))];
        values = [.. quantized.Select(v => extremes[v.Name])];
        codes = [.. quantized.Select(v => Math.Pow(2, plan.TypeOf(v.Name).Bits) - 1)];
        foreach (var consumer in group.Consumers)
        {
            var (above, _) = GraphCloner.Ancestors([consumer.Inputs[0]!], v => !group.Values.Contains(v));
            int[] noisy = [.. Enumerable.Range(0, quantized.Length).Where(q => quantized[q] == consumer.Inputs[0] || above.Contains(quantized[q].Producer!))];
            if (noisy.Length > 0)
            {
                var weights = new ChannelWeights(consumer);
                consumers.Add((noisy, values[noisy[^1]], weights, GainOf(weights, channels), perChannel.Contains(consumer)));
            }
        }
    }

    /// <summary>The largest magnitude of each channel relative to its tensor's, the largest of all tensors; 1 at most.</summary>
    public float[] RelativeLargest()
        => [.. Enumerable.Range(0, channels).Select(c => values.Max(v => v.Largest.Max() is > 0 and var whole ? v.Largest[c] / whole : 0))];

    /// <summary>The noise with channels multiplied by <paramref name="scales"/>.</summary>
    public double Of(float[] scales)
    {
        double[] steps = [.. values.Select((v, i) => v.Largest.Select((l, c) => (double)l * scales[c]).Max() / codes[i])];
        double sum = 0;
        foreach (var (noisy, input, weights, gain, perChannel) in consumers)
        {
            double power = 0;
            double activationNoise = 0;
            for (int c = 0; c < channels; c++)
            {
                power += input.MeanSquare[c] * gain[c];
                activationNoise += gain[c] / ((double)scales[c] * scales[c]);
            }

            activationNoise *= noisy.Sum(n => steps[n] * steps[n] / 12);
            sum += power > 0 ? (activationNoise + Coherence * WeightNoise(input, weights, scales, perChannel)) / power : 0;
        }

        return sum;
    }

    private double WeightNoise(ChannelExtremes input, ChannelWeights weights, float[] scales, bool perChannel)
    {
        double noise = 0;
        double widest = 0;
        double powers = 0;
        for (int o = 0; o < weights.Outputs; o++)
        {
            double largest = 0;
            double power = 0;
            int kernel = 0;
            for (int i = 0; i < weights.InputsOfOne; i++)
            {
                int c = weights.InputChannel(o, i);
                var between = weights.Between(o, i);
                kernel = between.Length;
                largest = Math.Max(largest, ChannelWeights.Largest(between) / (double)scales[c]);
                power += input.MeanSquare[c] * scales[c] * scales[c];
            }

            widest = Math.Max(widest, largest);
            powers += power * kernel;
            noise += largest * largest * power * kernel;
        }

        return (perChannel ? noise : widest * widest * powers) / (WeightSteps * WeightSteps * 12);
    }

    // Σ of the squared weights that read each channel.
    private static double[] GainOf(ChannelWeights weights, int channels)
    {
        var gain = new double[channels];
        for (int o = 0; o < weights.Outputs; o++)
        {
            for (int i = 0; i < weights.InputsOfOne; i++)
            {
                gain[weights.InputChannel(o, i)] += TensorPrimitives.SumOfSquares<float>(weights.Between(o, i));
            }
        }

        return gain;
    }
}
