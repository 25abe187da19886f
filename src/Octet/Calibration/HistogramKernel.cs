using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octet.Calibration;

/// <summary>
/// Counts the values of one span into scratch memory of its own: four interleaved 32-bit counters a bin, used in turn, so that equal
/// values in a row do not wait for each other's store. One kernel serves one thread.
/// </summary>
internal sealed unsafe class HistogramKernel
{
    private const int Lanes = 4;
    private const int BlockLength = LogLinearHistogram.BinsPerBlock * Lanes;
    private const int FirstNegative = LogLinearHistogram.FirstNegativeBin * Lanes;
    private const uint MagnitudeMask = 0x7FFF_FFFF;
    private const uint InfinityBits = 0x7F80_0000;
    private const int BufferLength = 256;

    private readonly uint[] counters = new uint[LogLinearHistogram.BlockCount * BlockLength];

    /// <summary>Counts into the scratch.</summary>
    /// <returns>False where the span holds what this path cannot tell apart (NaN and infinities; on the portable path also the smallest
    /// denormals, which share a bin with zero): the scratch is then to be cleared and the span counted one value at a time.</returns>
    public bool TryCount(ReadOnlySpan<float> values, HistogramPath path, out Counted counted)
    {
        if (path == HistogramPath.Automatic)
        {
            path = Avx512F.IsSupported ? HistogramPath.Avx512 : HistogramPath.Vector128;
        }

        fixed (float* p = values)
        fixed (uint* c = counters)
        {
            if (path == HistogramPath.Avx512)
            {
                if (!Avx512F.IsSupported)
                {
                    throw new PlatformNotSupportedException("This processor has no AVX-512F.");
                }

                counted = CountAvx512(p, values.Length, c);
                return counted.LargestMagnitude < InfinityBits;
            }

            counted = CountVector128(p, values.Length, c);
            return counted.LargestMagnitude < InfinityBits && (counted.IsZero || counted.SmallestMagnitude >> LogLinearHistogram.DroppedBits != 0);
        }
    }

    /// <summary>Moves the scratch counts to 64-bit blocks and leaves the scratch empty.</summary>
    /// <param name="counted">What <see cref="TryCount"/> said: bounds the bins that are visited.</param>
    /// <param name="blockOf">Gives the 64 counts of a pair of sign and exponent.</param>
    public void Flush(in Counted counted, Func<int, long[]> blockOf)
    {
        if (counted.IsZero)
        {
            return;
        }

        int first = (int)(counted.SmallestMagnitude >> LogLinearHistogram.DroppedBits) / LogLinearHistogram.BinsPerBlock;
        int last = (int)(counted.LargestMagnitude >> LogLinearHistogram.DroppedBits) / LogLinearHistogram.BinsPerBlock;
        if (counted.Max > 0)
        {
            FlushBlocks(first, last, blockOf);
        }

        if (counted.Min < 0)
        {
            FlushBlocks(first + LogLinearHistogram.BlockCount / 2, last + LogLinearHistogram.BlockCount / 2, blockOf);
        }
    }

    /// <summary>What the scratch counts in a bin.</summary>
    public long CountAt(int bin)
    {
        var lanes = counters.AsSpan(bin * Lanes, Lanes);
        return (long)lanes[0] + lanes[1] + lanes[2] + lanes[3];
    }

    /// <summary>Empties the scratch.</summary>
    public void Clear() => counters.AsSpan().Clear();

    private static Counted CountVector128(float* p, int length, uint* c)
    {
        const int width = 16;
        uint* offsets = stackalloc uint[width];
        var lane = Vector128.Create(0u, 1, 2, 3);
        var magnitudes = Vector128.Create(MagnitudeMask);
        var smallest = Vector128<uint>.AllBitsSet;
        var largest = Vector128<uint>.Zero;
        var min = Vector128.Create(float.PositiveInfinity);
        var max = Vector128.Create(float.NegativeInfinity);
        int i = 0;
        for (; i <= length - width; i += width)
        {
            for (int k = 0; k < width; k += Vector128<float>.Count)
            {
                var value = Vector128.Load(p + i + k);
                var bits = value.AsUInt32();
                var magnitude = bits & magnitudes;
                largest = Vector128.Max(largest, magnitude);
                smallest = Vector128.Min(smallest, magnitude - Vector128<uint>.One);
                min = Vector128.MinNative(min, value);
                max = Vector128.MaxNative(max, value);
                (((bits >>> LogLinearHistogram.DroppedBits) << 2) | lane).Store(offsets + k);
            }

            for (int k = 0; k < width; k++)
            {
                c[offsets[k]]++;
            }
        }

        var counted = Counted.None;
        for (int k = 0; k < Vector128<float>.Count; k++)
        {
            counted.Include(min[k], max[k], smallest[k], largest[k]);
        }

        CountRest(p + i, length - i, c, ref counted);
        for (int k = 0; k < Lanes; k++)
        {
            counted.Zeros += (long)c[k] + c[FirstNegative + k];
        }

        if (counted.IsZero || counted.SmallestMagnitude >> LogLinearHistogram.DroppedBits != 0)
        {
            new Span<uint>(c, Lanes).Clear();
            new Span<uint>(c + FirstNegative, Lanes).Clear();
        }

        return counted;
    }

    private static Counted CountAvx512(float* p, int length, uint* c)
    {
        int width = Vector512<float>.Count;
        uint* offsets = stackalloc uint[BufferLength + width];
        var lane = Vector512.Create(0u, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
        var magnitudes = Vector512.Create(MagnitudeMask);
        var smallest = Vector512<uint>.AllBitsSet;
        var largest = Vector512<uint>.Zero;
        var min = Vector512.Create(float.PositiveInfinity);
        var max = Vector512.Create(float.NegativeInfinity);
        int filled = 0;
        long nonZeros = 0;
        int i = 0;
        for (; i <= length - width; i += width)
        {
            var value = Vector512.Load(p + i);
            var bits = value.AsUInt32();
            var magnitude = bits & magnitudes;
            largest = Vector512.Max(largest, magnitude);
            smallest = Vector512.Min(smallest, magnitude - Vector512<uint>.One);
            min = Vector512.MinNative(min, value);
            max = Vector512.MaxNative(max, value);
            var nonZero = ~Vector512.Equals(magnitude, Vector512<uint>.Zero);
            var bins = ((bits >>> LogLinearHistogram.DroppedBits) << 2) | lane;
            Avx512F.Compress(Vector512<uint>.Zero, nonZero, bins).Store(offsets + filled);
            filled += BitOperations.PopCount(nonZero.ExtractMostSignificantBits());
            if (filled >= BufferLength)
            {
                Increment(c, offsets, BufferLength);
                nonZeros += BufferLength;
                filled -= BufferLength;
                Vector512.Load(offsets + BufferLength).Store(offsets);
            }
        }

        Increment(c, offsets, filled);
        var counted = Counted.None;
        counted.Zeros = i - nonZeros - filled;
        for (int k = 0; k < width; k++)
        {
            counted.Include(min[k], max[k], smallest[k], largest[k]);
        }

        for (; i < length; i++)
        {
            if (p[i] == 0)
            {
                counted.Include(0, 0, uint.MaxValue, 0);
                counted.Zeros++;
            }
            else
            {
                CountRest(p + i, 1, c, ref counted);
            }
        }

        return counted;
    }

    private static void Increment(uint* c, uint* offsets, int count)
    {
        int k = 0;
        for (; k <= count - 2; k += 2)
        {
            ulong pair = *(ulong*)(offsets + k);
            c[(uint)pair]++;
            c[pair >> 32]++;
        }

        if (k < count)
        {
            c[offsets[k]]++;
        }
    }

    private static void CountRest(float* p, int length, uint* c, ref Counted counted)
    {
        for (int i = 0; i < length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(p[i]);
            uint magnitude = bits & MagnitudeMask;
            counted.Include(p[i], p[i], magnitude - 1, magnitude);
            c[(bits >> LogLinearHistogram.DroppedBits) * Lanes]++;
        }
    }

    private void FlushBlocks(int first, int last, Func<int, long[]> blockOf)
    {
        for (int block = first; block <= last; block++)
        {
            var scratch = counters.AsSpan(block * BlockLength, BlockLength);
            if (!scratch.ContainsAnyExcept(0u))
            {
                continue;
            }

            long[] target = blockOf(block);
            for (int bin = 0; bin < target.Length; bin++)
            {
                target[bin] += (long)scratch[bin * Lanes] + scratch[bin * Lanes + 1] + scratch[bin * Lanes + 2] + scratch[bin * Lanes + 3];
            }

            scratch.Clear();
        }
    }

    /// <summary>What is known of a counted span. Magnitudes are float bits without the sign.</summary>
    public struct Counted
    {
        private uint smallestLessOne;

        /// <summary>Nothing counted yet.</summary>
        public static Counted None => new() { Min = float.PositiveInfinity, Max = float.NegativeInfinity, smallestLessOne = uint.MaxValue };

        /// <summary>Smallest value.</summary>
        public float Min { get; private set; }

        /// <summary>Largest value.</summary>
        public float Max { get; private set; }

        /// <summary>Largest magnitude.</summary>
        public uint LargestMagnitude { get; private set; }

        /// <summary>Zeros of either sign.</summary>
        public long Zeros { get; set; }

        /// <summary>Smallest magnitude that is not zero; 0 where there is none.</summary>
        public readonly uint SmallestMagnitude => unchecked(smallestLessOne + 1);

        /// <summary>Whether all values are zeros.</summary>
        public readonly bool IsZero => smallestLessOne == uint.MaxValue;

        /// <summary>Takes further extremes in; the magnitude of zero, less one, wraps to the largest number and so counts for nothing.</summary>
        public void Include(float min, float max, uint smallestMagnitudeLessOne, uint largestMagnitude)
        {
            Min = Math.Min(Min, min);
            Max = Math.Max(Max, max);
            smallestLessOne = Math.Min(smallestLessOne, smallestMagnitudeLessOne);
            LargestMagnitude = Math.Max(LargestMagnitude, largestMagnitude);
        }
    }
}
