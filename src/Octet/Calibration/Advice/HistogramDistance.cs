namespace Octet.Calibration.Advice;

/// <summary>How unlike two distributions are.</summary>
public static class HistogramDistance
{
    /// <summary>
    /// Jensen–Shannon divergence in bits, 0 (alike) to 1 (nothing in common), of the shares of values in bins an eighth of an octave wide (J. Lin 1991,
    /// "Divergence Measures Based on the Shannon Entropy").
    /// </summary>
    public static double JensenShannon(LogLinearHistogram a, LogLinearHistogram b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.IsEmpty || b.IsEmpty)
        {
            return a.IsEmpty == b.IsEmpty ? 0 : 1;
        }

        return JensenShannon(a.CoarseCounts(), b.CoarseCounts());
    }

    /// <summary>The same of counts in bins, neither of them empty.</summary>
    internal static double JensenShannon(long[] first, long[] second)
    {
        double inFirst = first.Sum();
        double inSecond = second.Sum();
        double divergence = 0;
        for (int i = 0; i < first.Length; i++)
        {
            double p = first[i] / inFirst;
            double q = second[i] / inSecond;
            divergence += (Term(p, (p + q) / 2) + Term(q, (p + q) / 2)) / 2;
        }

        return Math.Max(0, divergence);
    }

    private static double Term(double p, double middle) => p == 0 ? 0 : p * Math.Log2(p / middle);
}
