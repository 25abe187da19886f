using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Octet.Calibration.Statistics;

/// <summary>
/// Bins of equal width, each original's in the 32-bit arithmetic that it has: bin = ⌊(x − start) · before / divisor · after + shift⌋, x the value or its magnitude, and what
/// lies beyond an end in the bin there. A factor of 1 and a shift of 0 change no bit.
/// </summary>
/// <param name="Bins">Number of bins, at most 2^20.</param>
/// <param name="Divisor">Where it is 0, all values are of bin 0.</param>
internal readonly record struct LinearBins(int Bins, float Divisor)
{
    private const int Chunk = 256;
    private const int Lanes = 4;

    /// <summary>Whether x is the magnitude.</summary>
    public bool OfMagnitudes { get; init; } = true;

    /// <summary>Subtracted first.</summary>
    public float Start { get; init; }

    /// <summary>Multiplied before the division.</summary>
    public float Before { get; init; } = 1;

    /// <summary>Multiplied after the division.</summary>
    public float After { get; init; } = 1;

    /// <summary>Added last.</summary>
    public float Shift { get; init; }

    /// <summary>Whether halves are rounded up after all that, without an error of rounding: ⌊place + 1/2⌋.</summary>
    public bool Rounds { get; init; }

    /// <summary>Magnitudes up to it are left out; negative for none.</summary>
    public float Negligible { get; init; } = -1;

    /// <summary>The bin of one value: the reference for vectors.</summary>
    /// <returns><see cref="Bins"/> for what is left out.</returns>
    public int BinOf(float value)
    {
        if (MathF.Abs(value) <= Negligible)
        {
            return Bins;
        }

        float x = OfMagnitudes ? MathF.Abs(value) : value;
        float place = Divisor > 0 ? (x - Start) * Before / Divisor * After + Shift : 0;
        if (place < 0)
        {
            return 0;
        }

        if (!(place < Bins))
        {
            return Bins - 1;
        }

        int bin = (int)place;
        return Rounds && place - bin >= 0.5f ? Math.Min(bin + 1, Bins - 1) : bin;
    }

    /// <summary>Counts values, all of them or those that are not zero.</summary>
    /// <param name="values">The values.</param>
    /// <param name="zeros">How many zeros there are besides.</param>
    /// <param name="room">Memory to count in; it may grow.</param>
    /// <returns>The counts, bin by bin, in that memory.</returns>
    public unsafe ReadOnlySpan<uint> Count(ReadOnlySpan<float> values, int zeros, ref uint[] room)
    {
        // What is left out has a bin of its own, the last, so that nothing branches; four counters a bin, so that equal values in a row do not wait for each other.
        int length = Bins + 1;
        if (room.Length < Lanes * length)
        {
            room = new uint[Lanes * length];
        }

        var all = room.AsSpan(0, Lanes * length);
        all.Clear();
        int* bins = stackalloc int[Chunk];
        fixed (float* from = values)
        fixed (uint* first = all)
        {
            for (int start = 0; start < values.Length; start += Chunk)
            {
                int count = Math.Min(Chunk, values.Length - start);
                Place(from + start, count, bins);
                Increment(bins, count, first, length);
            }
        }

        var counts = all[..length];
        for (int lane = 1; lane < Lanes; lane++)
        {
            TensorPrimitives.Add(counts, all.Slice(lane * length, length), counts);
        }

        counts[BinOf(0)] += (uint)zeros;
        return counts[..Bins];
    }

    private static unsafe void Increment(int* bins, int count, uint* first, int length)
    {
        uint* second = first + length;
        uint* third = second + length;
        uint* fourth = third + length;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            ulong pair = *(ulong*)(bins + i);
            ulong next = *(ulong*)(bins + i + 2);
            first[(uint)pair]++;
            second[pair >> 32]++;
            third[(uint)next]++;
            fourth[next >> 32]++;
        }

        for (; i < count; i++)
        {
            first[bins[i]]++;
        }
    }

    private unsafe void Place(float* values, int count, int* bins)
    {
        int i = 0;
        if (Divisor > 0)
        {
            var (start, before, divisor, after, shift) = (Vector256.Create(Start), Vector256.Create(Before), Vector256.Create(Divisor), Vector256.Create(After), Vector256.Create(Shift));
            var (end, last, half, negligible) = (Vector256.Create((float)Bins), Vector256.Create(Bins - 1), Vector256.Create(0.5f), Vector256.Create(Negligible));
            var leftOut = Vector256.Create(Bins);
            var magnitude = Vector256.Create(OfMagnitudes ? 0x7FFF_FFFF : -1).AsSingle();
            bool leavesOut = Negligible > 0;
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                var value = Vector256.Load(values + i);
                var place = ((value & magnitude) - start) * before / divisor * after + shift;
                var within = Vector256.LessThan(place, end);
                var bin = Vector256.ConvertToInt32Native(place & within & Vector256.GreaterThan(place, Vector256<float>.Zero));
                if (Rounds)
                {
                    bin -= Vector256.GreaterThanOrEqual(place - Vector256.ConvertToSingle(bin), half).AsInt32();
                    bin = Vector256.Min(bin, last);
                }

                bin = Vector256.ConditionalSelect(within.AsInt32(), bin, last);
                if (leavesOut)
                {
                    bin = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(Vector256.Abs(value), negligible).AsInt32(), leftOut, bin);
                }

                bin.Store(bins + i);
            }
        }

        for (; i < count; i++)
        {
            bins[i] = BinOf(values[i]);
        }
    }
}
