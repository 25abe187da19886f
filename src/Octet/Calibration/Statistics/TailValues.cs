using System.Numerics;
using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>
/// Finds the largest and the smallest values in one pass, for ranks near the ends: candidates beyond a bound that rises as better ones come, so that of
/// n values in no particular order some k · ln(n / k) are ever looked at one by one.
/// </summary>
/// <param name="kept">How many values are kept at most, ≥ 1.</param>
/// <param name="above">Only values above this.</param>
internal sealed class TailValues(int kept, float above = float.NegativeInfinity)
{
    private const int Room = 1024;

    private float[] candidates = [];
    private int count;
    private float bound = above;

    /// <summary>The largest values of sign · value, unordered, each + 0 so that none is −0.</summary>
    /// <param name="values">No NaN.</param>
    /// <param name="kept">How many at most, ≥ 1.</param>
    /// <param name="sign">1 for the largest values, −1 for the smallest; the results are multiplied by it, too.</param>
    /// <param name="above">Only values of sign · value above this.</param>
    public static float[] Largest(ReadOnlySpan<float> values, int kept, int sign, float above = float.NegativeInfinity)
    {
        var upper = sign > 0 ? new TailValues(kept, above) : null;
        var lower = sign > 0 ? null : new TailValues(kept, above);
        Pass(values, upper, lower);
        return (upper ?? lower)!.Found();
    }

    /// <summary>The values that would stand at two places of the sorted order, + 0.</summary>
    /// <param name="values">At least one; no NaN.</param>
    /// <param name="low">A place, from 0 on.</param>
    /// <param name="high">Another.</param>
    public static (float Low, float High) Sorted(ReadOnlySpan<float> values, int low, int high)
    {
        const int near = 8;
        if (low > values.Length / near || values.Length - 1 - high > values.Length / near)
        {
            float[] sorted = values.ToArray();
            sorted.AsSpan().Sort();
            return (sorted[low] + 0f, sorted[high] + 0f);
        }

        var upper = new TailValues(values.Length - high);
        var lower = new TailValues(low + 1);
        Pass(values, upper, lower);
        return (-lower.Found().Min() + 0f, upper.Found().Min());
    }

    private static void Pass(ReadOnlySpan<float> values, TailValues? upper, TailValues? lower)
    {
        var high = new Vector<float>(upper?.bound ?? float.PositiveInfinity);
        var low = new Vector<float>(-lower?.bound ?? float.NegativeInfinity);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var block = new Vector<float>(values.Slice(i, Vector<float>.Count));
            if (Vector.GreaterThanAny(block, high))
            {
                upper!.Take(values.Slice(i, Vector<float>.Count), 1);
                high = new Vector<float>(upper.bound);
            }

            if (Vector.LessThanAny(block, low))
            {
                lower!.Take(values.Slice(i, Vector<float>.Count), -1);
                low = new Vector<float>(-lower.bound);
            }
        }

        upper?.Take(values[i..], 1);
        lower?.Take(values[i..], -1);
    }

    private void Take(ReadOnlySpan<float> some, int sign)
    {
        foreach (float value in some)
        {
            float signed = (value * sign) + 0f;
            if (signed > bound)
            {
                if (count == candidates.Length)
                {
                    Grow();
                }

                candidates[count++] = signed;
            }
        }
    }

    private void Grow()
    {
        int most = (int)Math.Min(Array.MaxLength, (2L * kept) + Room);
        if (candidates.Length < most)
        {
            Array.Resize(ref candidates, Math.Min(most, Math.Max(64, 2 * candidates.Length)));
            return;
        }

        Cut();
    }

    private float[] Found()
    {
        if (count > kept)
        {
            Cut();
        }

        return candidates[..count];
    }

    private void Cut()
    {
        var all = candidates.AsSpan(0, count);
        bound = OrderStatistic.Select(all, count - kept);
        all[^kept..].CopyTo(all);
        count = kept;
    }
}
