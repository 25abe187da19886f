namespace Octet.Refinement;

/// <summary>Biases as 32-bit integers in units of input scale × weight scale, which kernels add to the sum of products.</summary>
public static class BiasQuantizer
{
    /// <summary>Half of what 32 bits hold: the other half is left to the sum of products.</summary>
    private const double Limit = 1 << 30;

    /// <summary>rint(bias / f32(input scale · weight scale)), limited to ±2³⁰.</summary>
    /// <param name="bias">Real biases, one a channel.</param>
    /// <param name="inputScale">Scale of the activations.</param>
    /// <param name="weightScales">One a channel, or one for all.</param>
    /// <returns>The integers, their scales (of as many as the weights have), and how many channels were limited.</returns>
    /// <exception cref="ArgumentException">The numbers differ, a bias is not finite, or a product of scales is no positive number.</exception>
    public static (int[] Quantized, float[] Scales, int Limited) Quantize(
        ReadOnlySpan<double> bias, float inputScale, ReadOnlySpan<float> weightScales)
    {
        if (weightScales.Length != 1 && weightScales.Length != bias.Length)
        {
            throw new ArgumentException($"{weightScales.Length} weight scales do not fit {bias.Length} biases.", nameof(weightScales));
        }

        var scales = new float[weightScales.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = inputScale * weightScales[i];
            if (!(float.IsFinite(scales[i]) && scales[i] > 0))
            {
                throw new ArgumentException($"The bias of channel {i} has no scale: {inputScale} · {weightScales[i]} is {scales[i]}.", nameof(weightScales));
            }
        }

        var quantized = new int[bias.Length];
        int limited = 0;
        for (int c = 0; c < bias.Length; c++)
        {
            CheckBias(bias[c], c);
            double units = Math.Round(bias[c] / scales[scales.Length == 1 ? 0 : c], MidpointRounding.ToEven);
            limited += Math.Abs(units) > Limit ? 1 : 0;
            quantized[c] = (int)Math.Clamp(units, -Limit, Limit);
        }

        return (quantized, scales, limited);
    }

    /// <summary>The least weight scale of each channel with which its bias stays within ±2³⁰.</summary>
    /// <param name="bias">Real biases, one a channel.</param>
    /// <param name="inputScale">Scale of the activations, &gt; 0.</param>
    /// <exception cref="ArgumentException">A bias is not finite or the input scale no positive number.</exception>
    public static float[] MinimumScales(ReadOnlySpan<double> bias, float inputScale)
    {
        if (!(float.IsFinite(inputScale) && inputScale > 0))
        {
            throw new ArgumentException($"An input scale must be finite and positive, not {inputScale}.", nameof(inputScale));
        }

        // One part in 2²⁰ more, because the product of the scales is rounded, too.
        const double Slack = 1 + (1.0 / (1 << 20));
        var scales = new float[bias.Length];
        for (int c = 0; c < bias.Length; c++)
        {
            CheckBias(bias[c], c);
            scales[c] = (float)(Math.Abs(bias[c]) / Limit / inputScale * Slack);
        }

        return scales;
    }

    private static void CheckBias(double bias, int channel)
    {
        if (!double.IsFinite(bias))
        {
            throw new ArgumentException($"The bias of channel {channel} is {bias}.", nameof(bias));
        }
    }
}
