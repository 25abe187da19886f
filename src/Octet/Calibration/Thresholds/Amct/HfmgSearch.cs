namespace Octet.Calibration.Thresholds.Amct;

/// <summary>
/// The search of Ascend AMCT's HFMG (hicann/amct, amct_pytorch, custom_op/hfmg): ends of a linear histogram walk inwards, each time the
/// one that loses more bins for a fixed number of values, and every range on the way is priced with the squared error of its values,
/// taken as spread evenly over their bins, against the centres of the levels.
/// </summary>
/// <remarks>
/// Kept as the original has it: the whole range is no candidate, so that something is always clipped, and a range whose levels are
/// narrower than 2^−23 costs nothing, so that tiny data are clipped far. Losses here are doubles, with the same choice.
/// </remarks>
internal static class HfmgSearch
{
    private const int ValuesAStep = 100_000;
    private const int LeastShare = 4;

    /// <summary>The ranges of bins that are tried, both ends included.</summary>
    internal static List<(int Left, int Right)> Ranges(ReadOnlySpan<long> counts)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        long step = Math.Max(1, (total + ValuesAStep - 1) / ValuesAStep);
        int fewest = (counts.Length + LeastShare - 1) / LeastShare;
        var ranges = new List<(int, int)>();
        int left = 0;
        int right = counts.Length - 1;
        while (right - left > fewest)
        {
            int trialLeft = left;
            for (long sum = 0; trialLeft < right && sum < step; trialLeft++)
            {
                sum += counts[trialLeft];
            }

            int trialRight = right;
            for (long sum = 0; trialRight > trialLeft && sum < step; trialRight--)
            {
                sum += counts[trialRight];
            }

            if (trialLeft - left > right - trialRight)
            {
                left = trialLeft;
            }
            else
            {
                right = trialRight;
            }

            ranges.Add((left, right));
        }

        return ranges;
    }

    /// <summary>The loss of a range of bins.</summary>
    /// <param name="counts">The histogram.</param>
    /// <param name="width">Width of a bin.</param>
    /// <param name="range">First and last bin.</param>
    /// <param name="bits">Of the quantizer.</param>
    internal static double Loss(ReadOnlySpan<long> counts, double width, (int Left, int Right) range, int bits)
    {
        int levels = 1 << bits;
        double step = width * (range.Right - range.Left + 1) / levels;
        if (step < AmctScale.Epsilon)
        {
            return 0;
        }

        double whole = step * step * step / 12;
        double loss = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0)
            {
                continue;
            }

            double begin = (i - range.Left) * width;
            double end = begin + width;
            double first = Math.Clamp(Math.Floor(begin / step), 0, levels - 1);
            double last = Math.Clamp(Math.Floor(end / step), 0, levels - 1);
            double error = Cube(step / 2) - Cube(begin - (first + 0.5) * step) + Cube(end - (last + 0.5) * step) - Cube(-step / 2);
            loss += counts[i] / width * (error / 3 + (last - first - 1) * whole);
        }

        return loss;
    }

    private static double Cube(double value) => value * value * value;
}
