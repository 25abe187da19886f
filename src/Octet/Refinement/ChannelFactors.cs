namespace Octet.Refinement;

/// <summary>How channels of an activation and the weights that read them are rewritten, so that products stay the same: divisor = multiplier × copies.</summary>
/// <param name="Divisors">What the activation is divided by, one a channel, &gt; 0.</param>
/// <param name="Multipliers">What the weights are multiplied by, one a channel, &gt; 0.</param>
/// <param name="Copies">How many times the channel is there, ≥ 1.</param>
internal sealed record ChannelFactors(float[] Divisors, float[] Multipliers, float[] Copies)
{
    /// <summary>Channels that stay as they are.</summary>
    public static ChannelFactors None(int channels) => Moved([.. Enumerable.Repeat(1f, channels)]);

    /// <summary>One copy, of which as much moves to the weights as the activation loses.</summary>
    public static ChannelFactors Moved(float[] factors) => new(factors, factors, [.. factors.Select(_ => 1f)]);

    /// <summary>The same for rows in which all channels stand so many times, one position after the other.</summary>
    public ChannelFactors Repeated(int positions) => positions == 1 ? this : new(Repeat(Divisors, positions), Repeat(Multipliers, positions), Repeat(Copies, positions));

    private static float[] Repeat(float[] values, int positions) => [.. Enumerable.Repeat(values, positions).SelectMany(v => v)];
}
