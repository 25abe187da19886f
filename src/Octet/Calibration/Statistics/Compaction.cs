using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octet.Calibration.Statistics;

/// <summary>Copies some of the values, in their order.</summary>
internal static unsafe class Compaction
{
    /// <summary>Values that <c>kept</c> must have room for beyond those that are kept.</summary>
    public const int Slack = 16;

    /// <summary>Copies the values above a bound.</summary>
    /// <param name="values">No NaN.</param>
    /// <param name="bound">Values above it are kept.</param>
    /// <param name="kept">As long as the values; may be their own memory.</param>
    /// <returns>How many were kept.</returns>
    public static int Above(ReadOnlySpan<float> values, float bound, Span<float> kept)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kept.Length, values.Length);
        int count = 0;
        int i = 0;
        fixed (float* from = values, to = kept)
        {
            if (Avx512F.IsSupported)
            {
                for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var block = Vector512.Load(from + i);

                    // Writes up to a whole block, which lies before what is still to be read.
                    count += Store(block, Vector512.GreaterThan(block, Vector512.Create(bound)), to + count);
                }
            }

            for (; i < values.Length; i++)
            {
                float value = from[i];
                to[count] = value;
                count += value > bound ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Copies the values that are not zero.</summary>
    /// <param name="values">Any.</param>
    /// <param name="kept">As long as the values.</param>
    /// <returns>How many were kept.</returns>
    public static int NonZero(ReadOnlySpan<float> values, Span<float> kept)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kept.Length, values.Length);
        int count = 0;
        int i = 0;
        fixed (float* from = values, to = kept)
        {
            if (Avx512F.IsSupported)
            {
                for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var block = Vector512.Load(from + i);
                    count += Store(block, ~Vector512.Equals(block, Vector512<float>.Zero), to + count);
                }
            }

            for (; i < values.Length; i++)
            {
                float value = from[i];
                to[count] = value;
                count += value != 0 ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Copies sign · value + 0 of the values that reach a bound; there must be few.</summary>
    /// <param name="values">No NaN.</param>
    /// <param name="sign">1 or −1.</param>
    /// <param name="bound">Kept is what is not below it.</param>
    /// <param name="kept">Room for all that are kept, and <see cref="Slack"/> more.</param>
    /// <returns>How many were kept.</returns>
    public static int Reaching(ReadOnlySpan<float> values, int sign, float bound, Span<float> kept)
    {
        int count = 0;
        int i = 0;
        fixed (float* from = values)
        {
            if (Avx512F.IsSupported)
            {
                var signs = Vector512.Create((float)sign);
                var bounds = Vector512.Create(bound);
                for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var block = Vector512.Load(from + i) * signs;
                    if (Vector512.GreaterThanOrEqualAny(block, bounds))
                    {
                        fixed (float* to = kept[count..])
                        {
                            ArgumentOutOfRangeException.ThrowIfLessThan(kept.Length - count, Vector512<float>.Count);
                            count += Store(block + Vector512<float>.Zero, Vector512.GreaterThanOrEqual(block, bounds), to);
                        }
                    }
                }
            }
            else
            {
                var signs = Vector256.Create((float)sign);
                var bounds = Vector256.Create(bound);
                for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
                {
                    if (Vector256.GreaterThanOrEqualAny(Vector256.Load(from + i) * signs, bounds))
                    {
                        count = Few(from + i, Vector256<float>.Count, sign, bound, kept, count);
                    }
                }
            }

            return Few(from + i, values.Length - i, sign, bound, kept, count);
        }
    }

    private static int Store(Vector512<float> block, Vector512<float> mask, float* to)
    {
        Avx512F.Compress(Vector512<float>.Zero, mask, block).Store(to);
        return System.Numerics.BitOperations.PopCount(mask.ExtractMostSignificantBits());
    }

    private static int Few(float* values, int length, int sign, float bound, Span<float> kept, int count)
    {
        for (int i = 0; i < length; i++)
        {
            float value = (values[i] * sign) + 0f;
            if (value >= bound)
            {
                kept[count++] = value;
            }
        }

        return count;
    }
}
