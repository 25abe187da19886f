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
    public override void Add(int sample, ReadOnlySpan<float> values, Shape shape)
    {
        float[] high = upper.Worthy(values, 1);
        float[] low = lower.Worthy(values, -1);
        lock (gate)
        {
            upper.Add(high);
            lower.Add(low);
        }
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

    /// <summary>The largest of what came, collected in twice the room and cut now and then.</summary>
    private sealed class Side(int kept)
    {
        private readonly List<float> values = [];
        private float least = float.NegativeInfinity;

        /// <summary>Those that may be among the largest, times <paramref name="sign"/>. May be called by several threads at once.</summary>
        public float[] Worthy(ReadOnlySpan<float> values, int sign) => TailValues.Largest(values, kept, sign, Volatile.Read(ref least));

        public void Add(ReadOnlySpan<float> more)
        {
            values.AddRange(more);
            if (values.Count >= 2 * (long)kept)
            {
                Cut();
            }
        }

        public float[] Sorted()
        {
            Cut();
            return [.. values];
        }

        private void Cut()
        {
            var sorted = CollectionsMarshal.AsSpan(values);
            sorted.Sort();
            sorted.Reverse();
            if (values.Count >= kept)
            {
                values.RemoveRange(kept, values.Count - kept);
                Volatile.Write(ref least, values[^1]);
            }
        }
    }
}
