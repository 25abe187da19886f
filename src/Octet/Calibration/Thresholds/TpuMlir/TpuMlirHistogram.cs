using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// tpu-mlir's histogram of magnitudes (sophgo/tpu-mlir, bindings/kld/calibration_math.cpp, python/calibration/kld_calibrator.py): the first
/// sample's largest magnitude fixes the bins, width = largest / (bins − 1), index = ⌊|x| / width + 1/2⌋, zeros left out. A later sample with a larger
/// one adds bins of the old step; old counts stay where they are, though the width becomes a little smaller: the order of samples matters.
/// </summary>
/// <param name="bins">Bins at the start.</param>
internal sealed class TpuMlirHistogram(int bins) : Statistic
{
    // Past it an outlier a thousand times larger than the first sample would eat up the memory; the original has no limit.
    private const int MostBins = 1 << 20;

    private long[] counts = new long[bins];
    private double largest;

    /// <summary>The counts.</summary>
    internal ReadOnlySpan<long> Counts => counts;

    /// <summary>Width of a bin; 0 while nothing but zeros came.</summary>
    internal float Width => (float)(largest / (counts.Length - 1));

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        if (values.Values.IsEmpty)
        {
            return;
        }

        var (low, high) = values.Extremes;
        double magnitude = Math.Max(-low, high);
        if (largest == 0)
        {
            largest = magnitude;
        }
        else if (magnitude > largest)
        {
            double step = largest / counts.Length;
            double more = Math.Floor((magnitude - largest) / step) + 1;
            int added = (int)Math.Min(more, MostBins - counts.Length);
            Array.Resize(ref counts, counts.Length + added);
            largest = more * step + largest;
        }

        float width = Width;
        if (!(width > 0))
        {
            return;
        }

        var counted = values.CountsIn(new LinearBins(counts.Length, width) { Rounds = true, Negligible = 0 });
        for (int i = 0; i < counted.Length; i++)
        {
            counts[i] += counted[i];
        }
    }

    /// <inheritdoc/>
    public override void Write(StatisticWriter writer)
    {
        writer.WriteDouble(largest);
        writer.WriteCount(counts.Length);
        foreach (long count in counts)
        {
            writer.WriteCount(count);
        }
    }

    /// <inheritdoc/>
    public override void Read(StatisticReader reader)
    {
        largest = reader.ReadDouble();
        if (!(largest >= 0 && double.IsFinite(largest)))
        {
            throw reader.Malformed($"a largest magnitude of {largest}");
        }

        counts = new long[reader.ReadLength(1)];
        if (counts.Length < bins)
        {
            throw reader.Malformed($"{counts.Length} bins where there were {bins} at the start");
        }

        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = reader.ReadCount(1L << 50);
        }
    }
}
