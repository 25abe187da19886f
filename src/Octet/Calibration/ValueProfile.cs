using System.Numerics;

namespace Octet.Calibration;

/// <summary>
/// What counting values in log-linear bins tells besides: extremes, zeros, how many values have either sign, and for powers of two a bound that at least so many
/// values reach, counted from an end, and mostly few more.
/// </summary>
internal sealed class ValueProfile
{
    private readonly Side upper = new();
    private readonly Side lower = new();

    /// <summary>Smallest value.</summary>
    public float Min { get; private set; }

    /// <summary>Largest value.</summary>
    public float Max { get; private set; }

    /// <summary>Zeros of either sign.</summary>
    public long Zeros { get; private set; }

    /// <summary>How many values have a sign.</summary>
    /// <param name="sign">1 or −1.</param>
    public long CountOf(int sign) => SideOf(sign).Count;

    /// <summary>A bound above zero that at least <paramref name="rank"/> of the values of a sign reach, sign · value ≥ bound, and how many do.</summary>
    /// <param name="sign">1 or −1.</param>
    /// <param name="rank">From 1 to their number.</param>
    public (float Bound, long Count) BoundOf(int sign, long rank) => SideOf(sign).BoundOf(rank);

    /// <summary>Takes what a kernel counted, while it still has the counts.</summary>
    public void Read(HistogramKernel kernel, in HistogramKernel.Counted counted)
    {
        (Min, Max, Zeros) = (counted.Min, counted.Max, counted.Zeros);
        upper.Clear();
        lower.Clear();
        if (counted.IsZero)
        {
            return;
        }

        int first = (int)(counted.SmallestMagnitude >> LogLinearHistogram.DroppedBits);
        int last = (int)(counted.LargestMagnitude >> LogLinearHistogram.DroppedBits);
        for (int bin = last; bin >= first; bin--)
        {
            float edge = BitConverter.Int32BitsToSingle(bin << LogLinearHistogram.DroppedBits);
            upper.Add(kernel.CountAt(bin), edge);
            lower.Add(kernel.CountAt(LogLinearHistogram.FirstNegativeBin + bin), edge);
        }
    }

    private Side SideOf(int sign) => sign > 0 ? upper : lower;

    private sealed class Side
    {
        private const int Powers = 63;

        private readonly (float Bound, long Count)[] bounds = new (float, long)[Powers];
        private int reached;

        public long Count { get; private set; }

        public void Clear()
        {
            reached = 0;
            Count = 0;
        }

        public void Add(long count, float edge)
        {
            Count += count;
            while (count > 0 && Count >= 1L << reached)
            {
                bounds[reached++] = (Math.Max(edge, float.Epsilon), Count);
            }
        }

        public (float Bound, long Count) BoundOf(long rank)
        {
            int power = 64 - BitOperations.LeadingZeroCount((ulong)(rank - 1));
            return power < reached ? bounds[power] : (float.Epsilon, Count);
        }
    }
}
