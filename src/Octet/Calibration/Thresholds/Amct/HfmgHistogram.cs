using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>
/// The running histogram of HFMG: bins of equal width between the extremes of what came so far. Where a batch is wider, old counts move
/// to the new bins in proportion, cut to integers: the order of batches matters. Arithmetic is that of 32-bit floats.
/// </summary>
/// <param name="bins">Number of bins.</param>
internal sealed class HfmgHistogram(int bins) : Statistic
{
    private const float RelativeTolerance = 1e-9f;

    private long[] counts = new long[bins];

    /// <summary>The smallest value; NaN where nothing came.</summary>
    internal float Min { get; private set; } = float.NaN;

    /// <summary>The largest value; NaN where nothing came.</summary>
    internal float Max { get; private set; } = float.NaN;

    /// <summary>The counts.</summary>
    internal ReadOnlySpan<long> Counts => counts;

    /// <summary>Width of a bin.</summary>
    internal float Width => (Max - Min) / bins;

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        if (values.Values.IsEmpty)
        {
            return;
        }

        var (min, max) = values.Extremes;
        if (float.IsNaN(Min))
        {
            (Min, Max) = (min, max);
        }
        else
        {
            min = Math.Min(min, Min);
            max = Math.Max(max, Max);
            if (!(Same(min, Min) && Same(max, Max)))
            {
                counts = Moved(min, max);
                (Min, Max) = (min, max);
            }
        }

        Count(values);
    }

    /// <inheritdoc/>
    public override void Write(StatisticWriter writer)
    {
        writer.WriteSingle(Min);
        writer.WriteSingle(Max);
        foreach (long count in counts)
        {
            writer.WriteCount(count);
        }
    }

    /// <inheritdoc/>
    public override void Read(StatisticReader reader)
    {
        (Min, Max) = (reader.ReadSingle(), reader.ReadSingle());
        if (!(Min <= Max && float.IsFinite(Max - Min)) && !(float.IsNaN(Min) && float.IsNaN(Max)))
        {
            throw reader.Malformed($"extremes {Min} and {Max}");
        }

        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = reader.ReadCount(1L << 50);
        }
    }

    private static bool Same(float a, float b) => Math.Abs(a - b) < Math.Max(AmctScale.Epsilon, RelativeTolerance * Math.Abs(b)) || a == b;

    // Of one value: the bins then lie one to either side of it.
    private void Count(SampleValues values)
    {
        var (min, max) = Min == Max ? (Min - 1, Max + 1) : (Min, Max);
        var more = values.CountsIn(new LinearBins(bins, max - min) { OfMagnitudes = false, Start = min, Before = bins });
        for (int i = 0; i < more.Length; i++)
        {
            counts[i] += more[i];
        }
    }

    private long[] Moved(float min, float max)
    {
        long[] moved = new long[bins];
        float oldWidth = Width;
        float width = (max - min) / bins;
        for (int i = 0; i < bins; i++)
        {
            if (counts[i] == 0)
            {
                continue;
            }

            float lower = Min + i * oldWidth;
            float upper = Min + (i + 1) * oldWidth;
            int first = Math.Clamp((int)MathF.Floor((lower - min) / width), 0, bins - 1);
            int last = Math.Clamp((int)MathF.Floor((upper - min) / width), 0, bins - 1);
            long share = counts[i];
            if (first != last)
            {
                float edge = min + (first + 1) * width;
                share = Math.Clamp((long)(counts[i] * ((edge - lower) / (upper - lower))), 0, counts[i]);
            }

            moved[first] += share;
            moved[last] += counts[i] - share;
        }

        return moved;
    }
}
