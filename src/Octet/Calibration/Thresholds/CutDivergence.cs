namespace Octet.Calibration.Thresholds;

/// <summary>
/// How far the distribution that a quantizer leaves diverges from the float one, for every cut of a linear histogram (Migacz 2017, "8-bit
/// Inference with TensorRT", GTC). P is the histogram up to the cut with all beyond added to its last bin; Q merges the bins up to the cut
/// into the quantizer's levels, bin j into level ⌊j · levels / cut⌋, and spreads each level evenly over its bins that are not empty.
/// </summary>
internal static class CutDivergence
{
    /// <summary>What one bin adds: its share p &gt; 0 of P and q of Q, and their natural logarithms.</summary>
    internal delegate double Term(double p, double logP, double q, double logQ);

    /// <summary>The cut that diverges least, the first where several do, and its divergence.</summary>
    /// <param name="counts">The histogram.</param>
    /// <param name="levels">Levels of the quantizer, the fewest bins that are kept.</param>
    /// <param name="term">What one bin adds.</param>
    /// <param name="emptyShare">Q, as a share of P, in a last bin that is empty but for what is clipped.</param>
    internal static (int Cut, double Divergence) Least(ReadOnlySpan<long> counts, int levels, Term term, double emptyShare)
    {
        long total = 0;
        double[] logarithms = new double[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            logarithms[i] = Math.Log(counts[i]);
        }

        var best = (Cut: counts.Length, Divergence: 0.0);
        if (total == 0)
        {
            return best;
        }

        best.Divergence = double.PositiveInfinity;
        long kept = 0;
        for (int cut = 1; cut <= counts.Length; cut++)
        {
            kept += counts[cut - 1];
            if (cut < levels || kept == 0)
            {
                continue;
            }

            double divergence = Of(counts[..cut], logarithms, levels, (total, kept), term, emptyShare);
            if (divergence < best.Divergence)
            {
                best = (cut, divergence);
            }
        }

        return best;
    }

    private static double Of(ReadOnlySpan<long> counts, double[] logarithms, int levels, (long Total, long Kept) sums, Term term, double emptyShare)
    {
        double logTotal = Math.Log(sums.Total);
        double divergence = 0;
        int start = 0;
        for (int level = 0; level < levels; level++)
        {
            int end = (int)(((long)(level + 1) * counts.Length + levels - 1) / levels);
            long mass = 0;
            int occupied = 0;
            foreach (long count in counts[start..end])
            {
                mass += count;
                occupied += count > 0 ? 1 : 0;
            }

            double q = occupied > 0 ? (double)mass / occupied / sums.Kept : 0;
            double logQ = occupied > 0 ? Math.Log(q) : 0;
            for (int i = start; i < end; i++)
            {
                long clipped = i == counts.Length - 1 ? sums.Total - sums.Kept : 0;
                if (clipped > 0)
                {
                    double p = (double)(counts[i] + clipped) / sums.Total;
                    double logP = Math.Log(p);
                    divergence += counts[i] > 0 ? term(p, logP, q, logQ) : term(p, logP, emptyShare * p, emptyShare > 0 ? Math.Log(emptyShare) + logP : 0);
                }
                else if (counts[i] > 0)
                {
                    divergence += term((double)counts[i] / sums.Total, logarithms[i] - logTotal, q, logQ);
                }
            }

            start = end;
        }

        return divergence;
    }
}
