namespace Octet.Refinement;

/// <summary>Rounds weights of a group, each column in the way that was chosen for it.</summary>
internal static class Rounding
{
    /// <summary>Quantizes columns of the group.</summary>
    /// <param name="weights">The group's weights, or some columns of them.</param>
    /// <param name="scales">One a padded column.</param>
    /// <param name="limit">Largest magnitude of a quantized value.</param>
    /// <param name="fedBack">Which columns are rounded with error feedback.</param>
    /// <param name="bounds">Narrower limits for single weights, or null.</param>
    internal static ColumnMatrix Round(
        WeightGroup group, ColumnMatrix weights, ReadOnlySpan<float> scales, int limit, ReadOnlySpan<bool> fedBack, RoundingBounds? bounds = null)
    {
        if (!fedBack[..weights.Channels].Contains(true))
        {
            return NearestRounding.Round(weights, scales, limit, bounds);
        }

        var (rounded, _) = ErrorFeedback.Round(group.Factor, weights, scales, limit, bounds);
        if (fedBack[..weights.Channels].Contains(false))
        {
            var nearest = NearestRounding.Round(weights, scales, limit, bounds);
            for (int c = 0; c < weights.Channels; c++)
            {
                if (!fedBack[c])
                {
                    rounded.CopyColumn(nearest, c, c);
                }
            }
        }

        return rounded;
    }

    /// <summary>The output error over all rows of each padded column.</summary>
    internal static double[] OutputErrors(WeightGroup group, ColumnMatrix weights, ColumnMatrix quantized, ReadOnlySpan<float> scales)
        => group.Gram.ErrorOf(NearestRounding.Errors(weights, quantized, scales), weights.Width);
}
