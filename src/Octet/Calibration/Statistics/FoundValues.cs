using System.Numerics.Tensors;
using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>What was found in the values of one sample of a tensor, in memory that serves one sample after the other.</summary>
internal sealed class FoundValues
{
    // Farther from the ends, a sorted copy is as cheap as a look at the tails.
    private const int TailShare = 8;

    [ThreadStatic]
    private static FoundValues? Idle;

    private readonly Tail upper = new(1);
    private readonly Tail lower = new(-1);
    private float[] nonZero = [];
    private float[] sorted = [];
    private float[] largest = [];
    private uint[] counts = [];
    private LinearBins? counted;
    private int? nonZeros;
    private int? sortedCount;
    private bool? isProfiled;

    /// <summary>To be filled by who counts the values, who then says so to <see cref="Know"/>.</summary>
    public ValueProfile Profile { get; } = new();

    /// <summary>Memory in which nothing is found yet.</summary>
    public static FoundValues Take()
    {
        var taken = Idle ?? new FoundValues();
        Idle = null;
        return taken;
    }

    /// <summary>Forgets what was found and serves again.</summary>
    public void Return()
    {
        (nonZeros, sortedCount, isProfiled, counted) = (null, null, null, null);
        upper.Clear();
        lower.Clear();
        Idle = this;
    }

    /// <summary>The profile is filled, or cannot be.</summary>
    public void Know(bool isFilled) => isProfiled = isFilled;

    /// <summary>The smallest and the largest value, neither of them −0.</summary>
    public (float Min, float Max) ExtremesOf(ReadOnlySpan<float> values)
        => isProfiled == true ? (Profile.Min + 0f, Profile.Max + 0f) : (TensorPrimitives.Min(values) + 0f, TensorPrimitives.Max(values) + 0f);

    /// <summary>The values that are not zero.</summary>
    public ReadOnlySpan<float> NonZeroOf(ReadOnlySpan<float> values)
    {
        if (isProfiled == true && Profile.Zeros == 0)
        {
            return values;
        }

        if (nonZeros is null)
        {
            Ensure(ref nonZero, values.Length);
            nonZeros = Compaction.NonZero(values, nonZero);
        }

        return nonZero.AsSpan(0, nonZeros.Value);
    }

    /// <summary>The counts in linear bins.</summary>
    public ReadOnlySpan<uint> CountsOf(ReadOnlySpan<float> values, LinearBins bins)
    {
        if (counted == bins)
        {
            return counts.AsSpan(0, bins.Bins);
        }

        counted = bins;
        var rest = NonZeroOf(values);
        return bins.Count(rest, values.Length - rest.Length, ref counts);
    }

    /// <summary>The value at a place of the sorted order.</summary>
    public float SortedOf(ReadOnlySpan<float> values, int place)
    {
        var (tail, rank) = place < values.Length / 2 ? (lower, place + 1) : (upper, values.Length - place);
        if (rank <= values.Length / TailShare && IsProfiled(values))
        {
            long beyondZero = Profile.CountOf(tail.Sign);
            if (rank <= beyondZero)
            {
                var (bound, count) = Profile.BoundOf(tail.Sign, rank);
                tail.Reach(values, bound, count);
                return (tail.Ranked(rank) * tail.Sign) + 0f;
            }

            if (rank <= beyondZero + Profile.Zeros)
            {
                return 0;
            }
        }

        if (sortedCount is null)
        {
            Ensure(ref sorted, values.Length);
            values.CopyTo(sorted);
            sorted.AsSpan(0, values.Length).Sort();
            sortedCount = values.Length;
        }

        return sorted[place] + 0f;
    }

    /// <summary>The largest of sign · value above a bound.</summary>
    public ReadOnlySpan<float> LargestOf(ReadOnlySpan<float> values, int kept, float above, int sign)
    {
        if (values.IsEmpty)
        {
            return [];
        }

        var tail = sign > 0 ? upper : lower;
        float bound = MathF.BitIncrement(above);
        long most = values.Length;
        int zeros = 0;
        if (IsProfiled(values))
        {
            if ((sign > 0 ? Profile.Max : -Profile.Min) <= above)
            {
                return [];
            }

            int rank = Math.Min(kept, values.Length);
            long beyondZero = Profile.CountOf(sign);
            if (rank <= beyondZero + Profile.Zeros)
            {
                var (least, count) = rank <= beyondZero ? Profile.BoundOf(sign, rank) : (float.Epsilon, beyondZero);
                (bound, most) = (Math.Max(bound, least), count);
                zeros = above < 0 ? (int)Math.Max(0, rank - beyondZero) : 0;
            }
        }

        tail.Reach(values, bound, most);
        Ensure(ref largest, tail.Values.Length + zeros);
        int beyond = Compaction.Above(tail.Values, above, largest);
        largest.AsSpan(beyond, zeros).Clear();
        var found = largest.AsSpan(0, beyond + zeros);
        if (found.Length > kept)
        {
            OrderStatistic.Select(found, found.Length - kept);
            found = found[^kept..];
        }

        return found;
    }

    private bool IsProfiled(ReadOnlySpan<float> values) => isProfiled ??= LogLinearHistogram.TryProfile(values, Profile);

    private static void Ensure(ref float[] room, int length)
    {
        if (room.Length < length)
        {
            room = new float[length];
        }
    }

    /// <summary>The values beyond a bound at one end.</summary>
    private sealed class Tail(int sign)
    {
        private float[] values = [];
        private int count;
        private int atTheEnd;
        private float bound = float.PositiveInfinity;

        public int Sign => sign;

        /// <summary>sign · value, unordered.</summary>
        public ReadOnlySpan<float> Values => values.AsSpan(0, count);

        public void Clear() => (bound, count, atTheEnd) = (float.PositiveInfinity, 0, 0);

        /// <summary>Holds at least all that reach a bound, of which there are at most so many.</summary>
        public void Reach(ReadOnlySpan<float> all, float wanted, long most)
        {
            if (bound <= wanted)
            {
                return;
            }

            Ensure(ref values, (int)most + Compaction.Slack);
            (bound, count, atTheEnd) = (wanted, Compaction.Reaching(all, sign, wanted, values), 0);
        }

        /// <summary>The value of a rank; 1 is the largest.</summary>
        public float Ranked(int rank)
        {
            // Clamped values lie at their end by the thousands: no order is to be found among them.
            float end = TensorPrimitives.Max(Values);
            if (atTheEnd == 0)
            {
                foreach (float value in Values)
                {
                    atTheEnd += value == end ? 1 : 0;
                }
            }

            return rank <= atTheEnd ? end : OrderStatistic.Select(values.AsSpan(0, count), count - rank);
        }
    }
}
