using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration;

/// <summary>
/// Counts of 32-bit floats in bins that are the value's sign, exponent and six leading mantissa bits, so that every bin is at most
/// 1/64 of its value wide, no range has to be known before and one outlier costs no resolution. The bins are those of HdrHistogram
/// (G. Tene) carried over to floats. Counts are integers: the result does not depend on the order of values, threads or merges.
/// </summary>
/// <remarks>Adding and merging may be done by several threads at once; reading may not go on at the same time.</remarks>
public sealed class LogLinearHistogram
{
    /// <summary>Bits of a float that do not choose the bin.</summary>
    internal const int DroppedBits = 17;

    /// <summary>Bins of one exponent.</summary>
    internal const int BinsPerBlock = 64;

    /// <summary>Pairs of sign and exponent.</summary>
    internal const int BlockCount = 512;

    /// <summary>The first bin of the negative values.</summary>
    internal const int FirstNegativeBin = BinsPerBlock * BlockCount / 2;

    [ThreadStatic]
    private static HistogramKernel? ThreadKernel;

    private readonly long[]?[] blocks = new long[BlockCount][];
    private readonly Lock gate = new();
    private float min = float.PositiveInfinity;
    private float max = float.NegativeInfinity;

    /// <summary>Number of finite values, zeros included.</summary>
    public long Count { get; private set; }

    /// <summary>Number of zeros of either sign. Zeros are in no bin.</summary>
    public long ZeroCount { get; private set; }

    /// <summary>Number of values that are not a number; counted nowhere else.</summary>
    public long NaNCount { get; private set; }

    /// <summary>Number of +∞; counted nowhere else.</summary>
    public long PositiveInfinityCount { get; private set; }

    /// <summary>Number of −∞; counted nowhere else.</summary>
    public long NegativeInfinityCount { get; private set; }

    /// <summary>Whether it holds no finite value.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>The smallest finite value, exact; 0 while empty. Never −0.</summary>
    public float Min => IsEmpty ? 0 : min;

    /// <summary>The largest finite value, exact; 0 while empty. Never −0.</summary>
    public float Max => IsEmpty ? 0 : max;

    /// <summary>Makes the histogram of some values.</summary>
    public static LogLinearHistogram Of(ReadOnlySpan<float> values)
    {
        var histogram = new LogLinearHistogram();
        histogram.Add(values);
        return histogram;
    }

    /// <summary>Fills a profile of some values.</summary>
    /// <returns>False where they hold what has no bin.</returns>
    internal static bool TryProfile(ReadOnlySpan<float> values, ValueProfile profile)
    {
        var kernel = ThreadKernel ??= new HistogramKernel();
        bool known = kernel.TryCount(values, HistogramPath.Automatic, out var counted);
        if (known)
        {
            profile.Read(kernel, counted);
        }

        kernel.Clear();
        return known;
    }

    /// <summary>Adds histograms up.</summary>
    public static LogLinearHistogram Merged(IEnumerable<LogLinearHistogram> histograms)
    {
        ArgumentNullException.ThrowIfNull(histograms);
        var merged = new LogLinearHistogram();
        foreach (var histogram in histograms)
        {
            merged.Merge(histogram);
        }

        return merged;
    }

    /// <summary>Counts values.</summary>
    /// <param name="values">Any floats, NaN and infinities too.</param>
    /// <param name="path">The instruction path, to be forced in tests.</param>
    /// <returns>Whether all of them are finite.</returns>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the forced path.</exception>
    public bool Add(ReadOnlySpan<float> values, HistogramPath path = HistogramPath.Automatic) => Add(values, path, null, out _);

    /// <summary>Counts values, and fills a profile of them unless they hold what has no bin.</summary>
    internal bool Add(ReadOnlySpan<float> values, HistogramPath path, ValueProfile? profile, out bool isFilled)
    {
        isFilled = false;
        if (values.IsEmpty)
        {
            return true;
        }

        if (path == HistogramPath.Scalar)
        {
            lock (gate)
            {
                return AddScalar(values);
            }
        }

        var kernel = ThreadKernel ??= new HistogramKernel();
        if (kernel.TryCount(values, path, out var counted))
        {
            profile?.Read(kernel, counted);
            isFilled = profile is not null;
            lock (gate)
            {
                Include(counted.Min, counted.Max, values.Length);
                ZeroCount += counted.Zeros;
                kernel.Flush(counted, BlockOf);
                return true;
            }
        }

        kernel.Clear();
        lock (gate)
        {
            return AddScalar(values);
        }
    }

    /// <summary>Adds the counts of another histogram. The order of merges does not matter.</summary>
    public void Merge(LogLinearHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        lock (gate)
        {
            if (!other.IsEmpty)
            {
                Include(other.Min, other.Max, other.Count);
            }

            ZeroCount += other.ZeroCount;
            NaNCount += other.NaNCount;
            PositiveInfinityCount += other.PositiveInfinityCount;
            NegativeInfinityCount += other.NegativeInfinityCount;
            for (int i = 0; i < BlockCount; i++)
            {
                if (other.blocks[i] is { } counts)
                {
                    long[] own = BlockOf(i);
                    for (int j = 0; j < BinsPerBlock; j++)
                    {
                        own[j] += counts[j];
                    }
                }
            }
        }
    }

    /// <summary>The non-empty bins from the smallest values to the largest; zeros are the bin [0, 0].</summary>
    public ImmutableArray<HistogramBin> Bins()
    {
        var bins = ImmutableArray.CreateBuilder<HistogramBin>();
        for (int i = BlockCount * BinsPerBlock - 1; i >= FirstNegativeBin; i--)
        {
            if (CountAt(i) is var count and > 0)
            {
                bins.Add(new HistogramBin(Math.Max(-UpperEdge(i - FirstNegativeBin), min), Math.Min(-LowerEdge(i - FirstNegativeBin), max), count));
            }
        }

        if (ZeroCount > 0)
        {
            bins.Add(new HistogramBin(0, 0, ZeroCount));
        }

        for (int i = 0; i < FirstNegativeBin; i++)
        {
            if (CountAt(i) is var count and > 0)
            {
                bins.Add(new HistogramBin(Math.Max(LowerEdge(i), min), Math.Min(UpperEdge(i), max), count));
            }
        }

        return bins.DrainToImmutable();
    }

    /// <summary>The non-empty bins of the values' magnitudes, ascending; zeros are left out.</summary>
    public ImmutableArray<HistogramBin> MagnitudeBins()
    {
        var bins = ImmutableArray.CreateBuilder<HistogramBin>();
        double smallest = Math.Max(0, Math.Max(min, -(double)max));
        double largest = Math.Max(max, -(double)min);
        for (int i = 0; i < FirstNegativeBin; i++)
        {
            if (CountAt(i) + CountAt(i + FirstNegativeBin) is var count and > 0)
            {
                bins.Add(new HistogramBin(Math.Max(LowerEdge(i), smallest), Math.Min(UpperEdge(i), largest), count));
            }
        }

        return bins.DrainToImmutable();
    }

    /// <summary>Counts in bins an eighth of an octave wide, negative values behind the positive ones, zeros first.</summary>
    internal long[] CoarseCounts()
    {
        const int width = BinsPerBlock / 8;
        var counts = new long[1 + (BlockCount * BinsPerBlock / width)];
        counts[0] = ZeroCount;
        for (int i = 0; i < BlockCount * BinsPerBlock; i++)
        {
            counts[1 + (i / width)] += CountAt(i);
        }

        return counts;
    }

    /// <summary>Writes extremes, zeros and the bins that are not empty, each as its distance from the one before and its count.</summary>
    internal void Write(StatisticWriter writer)
    {
        List<int> bins = [];
        for (int block = 0; block < BlockCount; block++)
        {
            for (int bin = 0; bin < (blocks[block]?.Length ?? 0); bin++)
            {
                if (blocks[block]![bin] > 0)
                {
                    bins.Add((block * BinsPerBlock) + bin);
                }
            }
        }

        writer.WriteSingle(Min);
        writer.WriteSingle(Max);
        writer.WriteCount(ZeroCount);
        writer.WriteCount(bins.Count);
        int before = 0;
        foreach (int bin in bins)
        {
            writer.WriteCount(bin - before);
            writer.WriteCount(CountAt(bin));
            before = bin;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static LogLinearHistogram Read(StatisticReader reader)
    {
        reader.Reserve(BlockCount * sizeof(long));
        var histogram = new LogLinearHistogram { min = reader.ReadSingle(), max = reader.ReadSingle(), ZeroCount = reader.ReadCount() };
        histogram.Count = histogram.ZeroCount;
        int bin = 0;
        for (int left = reader.ReadLength(2); left > 0; left--)
        {
            bin += (int)reader.ReadCount(BlockCount * BinsPerBlock - 1 - bin);
            long count = reader.ReadCount(long.MaxValue - histogram.Count);
            if (bin % FirstNegativeBin >= 255 * BinsPerBlock || count == 0 || histogram.CountAt(bin) > 0)
            {
                throw reader.Malformed("a histogram's bin that is empty, twice there or not of finite values");
            }

            if (histogram.blocks[bin / BinsPerBlock] is null)
            {
                reader.Reserve(BinsPerBlock * sizeof(long));
            }

            histogram.BlockOf(bin / BinsPerBlock)[bin % BinsPerBlock] = count;
            histogram.Count += count;
        }

        if (histogram.IsEmpty)
        {
            (histogram.min, histogram.max) = (float.PositiveInfinity, float.NegativeInfinity);
        }
        else if (!histogram.HoldsItsExtremes())
        {
            throw reader.Malformed("a histogram whose extremes are not in its bins");
        }

        return histogram;
    }

    private static double LowerEdge(int bin) => BitConverter.Int32BitsToSingle(bin << DroppedBits);

    private static double UpperEdge(int bin)
        => bin + 1 == 255 * BinsPerBlock ? Math.ScaleB(1, 128) : BitConverter.Int32BitsToSingle((bin + 1) << DroppedBits);

    private long CountAt(int bin)
    {
        if (blocks[bin / BinsPerBlock] is { } block)
        {
            return block[bin % BinsPerBlock];
        }

        return 0;
    }

    // The lowest bin holds the smallest value, the highest the largest.
    private bool HoldsItsExtremes()
    {
        var bins = Enumerable.Range(0, BlockCount * BinsPerBlock).Where(i => CountAt(i) > 0).ToArray();
        int[] negative = [.. bins.Where(b => b >= FirstNegativeBin)];
        int[] positive = [.. bins.Where(b => b < FirstNegativeBin)];
        static int? BinOf(float value) => value == 0 ? null : (int)(BitConverter.SingleToUInt32Bits(value) >> DroppedBits);
        int? lowest = negative.Length > 0 ? negative[^1] : ZeroCount > 0 ? null : positive[0];
        int? highest = positive.Length > 0 ? positive[^1] : ZeroCount > 0 ? null : negative[0];
        return float.IsFinite(min) && float.IsFinite(max) && min <= max && BinOf(min) == lowest && BinOf(max) == highest;
    }

    private long[] BlockOf(int block) => blocks[block] ??= new long[BinsPerBlock];

    private void Include(float low, float high, long count)
    {
        min = Math.Min(min, low + 0f);
        max = Math.Max(max, high + 0f);
        Count += count;
    }

    private bool AddScalar(ReadOnlySpan<float> values)
    {
        long before = Count;
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                NaNCount++;
            }
            else if (float.IsPositiveInfinity(value))
            {
                PositiveInfinityCount++;
            }
            else if (float.IsNegativeInfinity(value))
            {
                NegativeInfinityCount++;
            }
            else
            {
                Include(value, value, 1);
                if (value == 0)
                {
                    ZeroCount++;
                }
                else
                {
                    uint bin = BitConverter.SingleToUInt32Bits(value) >> DroppedBits;
                    BlockOf((int)bin / BinsPerBlock)[bin % BinsPerBlock]++;
                }
            }
        }

        return Count - before == values.Length;
    }
}
