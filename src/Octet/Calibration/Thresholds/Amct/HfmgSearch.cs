using System.Numerics;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>
/// The search of Ascend AMCT's HFMG (hicann/amct, amct_pytorch, custom_op/hfmg): ends of a linear histogram walk inwards, each time the
/// one that loses more bins for a fixed number of values, and every range on the way is priced with the squared error of its values,
/// taken as spread evenly over their bins, against the centres of the levels.
/// </summary>
/// <remarks>
/// Kept as the original has it: the whole range is no candidate, so that something is always clipped, and a range whose levels are
/// narrower than 2^−23 costs nothing, so that tiny data are clipped far. Losses are the original's within 10^−5 and 10^−5 of their size.
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

    /// <summary>The loss of a range of bins: in 32-bit floats, as the original has it, or in doubles where these overflow.</summary>
    /// <param name="counts">The histogram.</param>
    /// <param name="width">Width of a bin.</param>
    /// <param name="range">First and last bin.</param>
    /// <param name="bits">Of the quantizer.</param>
    internal static double Loss(ReadOnlySpan<long> counts, float width, (int Left, int Right) range, int bits)
        => Loss<float>(counts, width, range, bits) is var loss && double.IsFinite(loss) ? loss : Loss<double>(counts, width, range, bits);

    /// <summary>The loss as computed in a type of floats; only the sum over the bins is one of doubles always.</summary>
    /// <inheritdoc cref="Loss(ReadOnlySpan{long}, float, ValueTuple{int, int}, int)"/>
    internal static double Loss<T>(ReadOnlySpan<long> counts, T width, (int Left, int Right) range, int bits)
        where T : IBinaryFloatingPointIeee754<T>
    {
        int levels = 1 << bits;
        T last = T.CreateChecked(levels - 1);
        T three = T.CreateChecked(3);
        T step = width * T.CreateChecked(range.Right - range.Left + 1) / T.CreateChecked(levels);
        if (step < T.CreateChecked(AmctScale.Epsilon))
        {
            return 0;
        }

        T half = step / T.CreateChecked(2);
        T whole = (Cube(half) + Cube(half)) / three;
        double loss = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0)
            {
                continue;
            }

            T begin = T.CreateChecked(i - range.Left) * width;
            T end = begin + width;
            T from = T.Clamp(T.Floor(begin / step), T.Zero, last);
            T to = T.Clamp(T.Floor(end / step), T.Zero, last);

            // In this order: far from the range the cubes are nearly equal, and what 32 bits leave of their difference depends on it.
            T error = (Cube(end - ((to * step) + half)) - Cube(begin - ((from * step) + half))) / three;
            loss += double.CreateChecked(T.CreateChecked(counts[i]) / width * (error + ((to - from) * whole)));
        }

        return loss;
    }

    private static T Cube<T>(T value)
        where T : IMultiplyOperators<T, T, T> => value * value * value;
}
