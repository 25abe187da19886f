namespace Octet.Analysis;

/// <summary>The time of one run, over the rounds of a measurement.</summary>
/// <param name="Milliseconds">Median.</param>
/// <param name="LowerQuartile">In milliseconds.</param>
/// <param name="UpperQuartile">In milliseconds.</param>
public sealed record LatencySpread(double Milliseconds, double LowerQuartile, double UpperQuartile)
{
    /// <summary>Median and quartiles, interpolated between neighbours as NumPy's <c>percentile</c> does.</summary>
    /// <param name="values">At least one.</param>
    internal static LatencySpread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double At(double share)
        {
            double place = share * (sorted.Length - 1);
            int below = (int)place;
            int above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }

        return new LatencySpread(At(0.5), At(0.25), At(0.75));
    }
}
