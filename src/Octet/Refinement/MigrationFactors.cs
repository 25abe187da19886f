namespace Octet.Refinement;

/// <summary>
/// Factors that move outliers from the activations of a layer to its weights: activations are divided by them, channel by channel, and the weights that read the channel multiplied.
/// SmoothQuant, Xiao et al. 2023, equation 4, with the rules for empty channels of Ascend AMCT's DMQ balancer.
/// </summary>
public static class MigrationFactors
{
    /// <summary>The least strength that AMCT takes.</summary>
    public const double LeastStrength = 0.2;

    /// <summary>The greatest.</summary>
    public const double MostStrength = 0.8;

    // 2⁻²³: less is no value, and no factor.
    private const float Least = 1.1920929e-7f;

    /// <summary>
    /// Factors a^m / w^(1−m). A channel without activations takes the greatest balanced weight of the others, one without weights their greatest balanced activation, one without either stays
    /// as it is; so do all where no channel has both.
    /// </summary>
    /// <param name="activations">Greatest magnitudes of the channels' activations.</param>
    /// <param name="weights">As many, of the weights that read each channel.</param>
    /// <param name="strength">m: how much of the activations' outliers moves, 0.2 to 0.8.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: the strength is out of range, or a factor not between 2⁻²³ and 2²³.</exception>
    public static float[] Of(ReadOnlySpan<float> activations, ReadOnlySpan<float> weights, double strength)
    {
        if (!(strength is >= LeastStrength and <= MostStrength))
        {
            throw new OctetException(ErrorCodes.InvalidUsage, FormattableString.Invariant($"the migration strength is {strength}"), FormattableString.Invariant($"take {LeastStrength} to {MostStrength}"));
        }

        float[] factors = Solve(activations, weights, strength);
        int wrong = Array.FindIndex(factors, f => !IsSound(f));
        return wrong < 0 ? factors : throw new OctetException(
            ErrorCodes.InvalidUsage, FormattableString.Invariant($"the balance factor of channel {wrong} is {factors[wrong]}"), FormattableString.Invariant($"factors lie between {Least} and {1 / Least}: leave this layer out"));
    }

    /// <summary>The same factors; null where one of them does not lie between 2⁻²³ and 2²³.</summary>
    /// <inheritdoc cref="Of"/>
    internal static float[]? OrNone(ReadOnlySpan<float> activations, ReadOnlySpan<float> weights, double strength)
        => Solve(activations, weights, strength) is var factors && Array.TrueForAll(factors, IsSound) ? factors : null;

    private static bool IsSound(float factor) => factor > Least && factor < 1 / Least;

    private static float[] Solve(ReadOnlySpan<float> activations, ReadOnlySpan<float> weights, double strength)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, activations.Length);
        var factors = new float[activations.Length];
        Array.Fill(factors, 1);
        var (greatestActivation, greatestWeight) = (0f, 0f);
        for (int c = 0; c < factors.Length; c++)
        {
            if (activations[c] >= Least && weights[c] >= Least)
            {
                factors[c] = (float)Math.Pow(activations[c], strength) / (float)Math.Pow(weights[c], 1 - strength);
                if (factors[c] >= Least)
                {
                    greatestActivation = Math.Max(greatestActivation, activations[c] / factors[c]);
                    greatestWeight = Math.Max(greatestWeight, weights[c] * factors[c]);
                }
            }
        }

        for (int c = 0; c < factors.Length && greatestWeight > 0; c++)
        {
            factors[c] = (activations[c] >= Least, weights[c] >= Least) switch
            {
                (false, true) => greatestWeight / weights[c],
                (true, false) => activations[c] / greatestActivation,
                _ => factors[c],
            };
        }

        return factors;
    }
}
