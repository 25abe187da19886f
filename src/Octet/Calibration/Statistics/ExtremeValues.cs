using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>The largest and the smallest values of a tensor, equal ones as often as they come.</summary>
/// <param name="kept">How many of either are kept at most.</param>
public sealed class ExtremeValues(int kept) : Statistic
{
    private readonly Side upper = new(kept);
    private readonly Side lower = new(kept);
    private readonly Lock gate = new();

    /// <summary>The largest values, descending.</summary>
    public ImmutableArray<float> Largest
    {
        get
        {
            lock (gate)
            {
                return [.. upper.Sorted()];
            }
        }
    }

    /// <summary>The smallest values, ascending.</summary>
    public ImmutableArray<float> Smallest
    {
        get
        {
            lock (gate)
            {
                return [.. lower.Sorted().Select(v => 0 - v)];
            }
        }
    }

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        Add(upper, values, 1);
        Add(lower, values, -1);
    }

    /// <inheritdoc/>
    public override void Merge(Statistic other)
    {
        var others = (ExtremeValues)other;
        lock (gate)
        {
            upper.Add(others.upper.Sorted());
            lower.Add(others.lower.Sorted());
        }
    }

    /// <inheritdoc/>
    public override void Write(StatisticWriter writer)
    {
        foreach (var side in (Side[])[upper, lower])
        {
            float[] sorted = side.Sorted();
            writer.WriteCount(sorted.Length);
            foreach (float value in sorted)
            {
                writer.WriteSingle(value);
            }
        }
    }

    /// <inheritdoc/>
    public override void Read(StatisticReader reader)
    {
        foreach (var side in (Side[])[upper, lower])
        {
            float[] sorted = new float[reader.ReadLength(sizeof(float))];
            for (int i = 0; i < sorted.Length; i++)
            {
                sorted[i] = reader.ReadSingle();
                if (!float.IsFinite(sorted[i]))
                {
                    throw reader.Malformed("an extreme that is not finite");
                }
            }

            side.Add(sorted);
        }
    }

    private void Add(Side side, SampleValues values, int sign)
    {
        var worthy = values.Largest(kept, side.Least, sign);
        lock (gate)
        {
            side.Add(worthy);
        }
    }

    /// <summary>The largest of what came, collected in twice the room and cut now and then.</summary>
    private sealed class Side(int kept)
    {
        private readonly List<float> values = [];
        private float least = float.NegativeInfinity;

        /// <summary>Values above this may be among the largest. May be read by several threads at once.</summary>
        public float Least => Volatile.Read(ref least);

        public void Add(ReadOnlySpan<float> more)
        {
            values.AddRange(more);

            // At first at once, so that there is a bound.
            if (values.Count >= (float.IsNegativeInfinity(least) ? kept : 2 * (long)kept))
            {
                Cut();
            }
        }

        public float[] Sorted()
        {
            Cut();
            float[] sorted = [.. values];
            Array.Sort(sorted);
            Array.Reverse(sorted);
            return sorted;
        }

        private void Cut()
        {
            if (values.Count >= kept)
            {
                var all = CollectionsMarshal.AsSpan(values);
                float last = OrderStatistic.Select(all, all.Length - kept);
                all[^kept..].CopyTo(all);
                values.RemoveRange(kept, values.Count - kept);
                Volatile.Write(ref least, last);
            }
        }
    }
}
