namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>
/// The divergence that MindSpore Lite's KL minimizes over the cut of a histogram (mindspore-lite,
/// tools/converter/quantizer/data_distribution.cc), after Migacz 2017: bins merge into 128 levels of fractional width and are spread over
/// the bins that hold something. All arithmetic is of 32-bit floats in the original's order, counters included: they start at 10^−7 and
/// stand still at 2^24.
/// </summary>
internal sealed class MindSporeDivergence
{
    private const float StartCount = 1e-7f;
    private const long MostCount = 1 << 24;
    private const int Levels = 128;

    private readonly float[] histogram;
    private readonly float[] expanded;
    private readonly float[] merged = new float[Levels];

    /// <summary>Takes exact counts.</summary>
    internal MindSporeDivergence(ReadOnlySpan<long> counts)
        : this(Counters(counts))
    {
    }

    /// <summary>Takes the counters as they are.</summary>
    internal MindSporeDivergence(float[] histogram)
    {
        this.histogram = histogram;
        expanded = new float[histogram.Length];
    }

    /// <summary>The number of bins that are kept, the divergence there, and the divergences of all cuts from 128 bins on.</summary>
    internal (int Cut, float Divergence, float[] Curve) Solve()
    {
        float tail = 0;
        foreach (float count in histogram.AsSpan(Levels))
        {
            tail += count;
        }

        float[] curve = new float[histogram.Length - Levels];
        int best = Levels;
        float least = float.MaxValue;
        for (int cut = Levels; cut < histogram.Length; cut++)
        {
            float divergence = curve[cut - Levels] = At(cut, tail);
            tail -= histogram[cut];
            if (divergence < least)
            {
                (least, best) = (divergence, cut);
            }
        }

        return (best, least, curve);
    }

    private static float[] Counters(ReadOnlySpan<long> counts)
    {
        float[] counters = new float[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            // Adding 1 to 10^-7 gives 1: what the original counts up to is exact from the first value on, but for the first rounding.
            counters[i] = counts[i] == 0 ? StartCount : Math.Min(counts[i], MostCount) + (counts[i] == 1 ? StartCount : 0);
        }

        return counters;
    }

    private float At(int cut, float tail)
    {
        Merge(cut);
        Expand(cut);
        float referenceSum = 0;
        float expandedSum = 0;
        for (int i = 0; i < cut; i++)
        {
            referenceSum += Reference(i, cut, tail);
            expandedSum += expanded[i];
        }

        float divergence = 0;
        for (int i = 0; i < cut; i++)
        {
            float p = Reference(i, cut, tail) / referenceSum;
            float q = expanded[i] / expandedSum;
            if (p != 0)
            {
                divergence += q != 0 ? p * MathF.Log(p / q) : 1;
            }
        }

        return divergence;
    }

    private float Reference(int bin, int cut, float tail) => bin == cut - 1 ? histogram[bin] + tail : histogram[bin];

    private void Merge(int cut)
    {
        float width = cut / (float)Levels;
        for (int level = 0; level < Levels; level++)
        {
            float start = level * width;
            float end = start + width;
            int first = (int)MathF.Ceiling(start);
            int last = (int)MathF.Floor(end);
            float sum = 0;
            if (first > start)
            {
                sum = (float)(sum + (double)(first - start) * histogram[first - 1]);
            }

            if (last < end)
            {
                sum = (float)(sum + (double)(end - last) * histogram[last]);
            }

            for (int i = first; i < last; i++)
            {
                sum += histogram[i];
            }

            merged[level] = sum;
        }
    }

    private void Expand(int cut)
    {
        expanded.AsSpan().Clear();
        float width = cut / (float)Levels;
        for (int level = 0; level < Levels; level++)
        {
            float start = level * width;
            float end = start + width;
            int first = (int)MathF.Ceiling(start);
            int last = (int)MathF.Floor(end);
            float count = 0;
            bool left = first > start && histogram[first - 1] != 0;
            bool right = last < end && histogram[last] != 0;
            count += left ? first - start : 0;
            count += right ? end - last : 0;
            for (int i = first; i < last; i++)
            {
                count += histogram[i] != 0 ? 1 : 0;
            }

            if (count == 0)
            {
                continue;
            }

            float share = merged[level] / count;
            if (left)
            {
                expanded[first - 1] += share * (first - start);
            }

            if (right)
            {
                expanded[last] += share * (end - last);
            }

            for (int i = first; i < last; i++)
            {
                expanded[i] += histogram[i] != 0 ? share : 0;
            }
        }
    }
}
