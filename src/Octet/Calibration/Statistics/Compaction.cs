using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octet.Calibration.Statistics;

/// <summary>Copies the values above a bound, in their order.</summary>
internal static class Compaction
{
    /// <summary>Copies.</summary>
    /// <param name="values">No NaN.</param>
    /// <param name="bound">Values above it are kept.</param>
    /// <param name="kept">As long as the values; may be their own memory.</param>
    /// <returns>How many were kept.</returns>
    public static unsafe int Above(ReadOnlySpan<float> values, float bound, Span<float> kept)
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
                    var above = Vector512.GreaterThan(block, Vector512.Create(bound));

                    // Writes up to a whole block, which lies before what is still to be read.
                    Avx512F.Compress(Vector512<float>.Zero, above, block).Store(to + count);
                    count += System.Numerics.BitOperations.PopCount(above.ExtractMostSignificantBits());
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
}
