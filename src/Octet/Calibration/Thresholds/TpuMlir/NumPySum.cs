using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// The sum of 32-bit floats in the order in which NumPy adds them (chunks of 8,192 one after the other, each pairwise, down to blocks of up to 128 with eight running sums; N. Higham,
/// "The Accuracy of Floating Point Summation", 1993): what tpu-mlir's thresholds were computed with.
/// </summary>
internal static class NumPySum
{
    private const int Chunk = 8192;
    private const int Block = 128;
    private const int Lanes = 8;

    /// <summary>The sum.</summary>
    internal static float Of(ReadOnlySpan<float> values)
    {
        float sum = 0;
        int i = 0;
        for (; i <= values.Length - Chunk; i += Chunk)
        {
            sum += WholeChunk(values.Slice(i, Chunk), 0, Vector256<float>.AllBitsSet);
        }

        return i < values.Length ? sum + Pairwise(values[i..]) : sum;
    }

    /// <summary>The sum of the distances from a centre.</summary>
    internal static float OfDeviations(ReadOnlySpan<float> values, float centre)
    {
        float sum = 0;
        int i = 0;
        for (; i <= values.Length - Chunk; i += Chunk)
        {
            sum += WholeChunk(values.Slice(i, Chunk), centre, Vector256.Create(0x7FFF_FFFF).AsSingle());
        }

        if (i < values.Length)
        {
            Span<float> deviations = stackalloc float[Chunk];
            deviations = deviations[..(values.Length - i)];
            TensorPrimitives.Subtract(values[i..], centre, deviations);
            TensorPrimitives.Abs(deviations, deviations);
            sum += Pairwise(deviations);
        }

        return sum;
    }

    /// <summary>The sum of a whole chunk, less a centre and masked: the same order as pair by pair, four blocks side by side since one waits for its own sums.</summary>
    private static float WholeChunk(ReadOnlySpan<float> values, float centre, Vector256<float> mask)
    {
        const int blocks = 4;
        Span<float> sums = stackalloc float[Chunk / Block];
        ref float start = ref MemoryMarshal.GetReference(values);
        var less = Vector256.Create(centre);
        for (int block = 0; block < sums.Length; block += blocks)
        {
            nuint at = (nuint)(block * Block);
            var a = (Vector256.LoadUnsafe(ref start, at) - less) & mask;
            var b = (Vector256.LoadUnsafe(ref start, at + Block) - less) & mask;
            var c = (Vector256.LoadUnsafe(ref start, at + (2 * Block)) - less) & mask;
            var d = (Vector256.LoadUnsafe(ref start, at + (3 * Block)) - less) & mask;
            for (nuint i = at + Lanes; i < at + Block; i += Lanes)
            {
                a += (Vector256.LoadUnsafe(ref start, i) - less) & mask;
                b += (Vector256.LoadUnsafe(ref start, i + Block) - less) & mask;
                c += (Vector256.LoadUnsafe(ref start, i + (2 * Block)) - less) & mask;
                d += (Vector256.LoadUnsafe(ref start, i + (3 * Block)) - less) & mask;
            }

            sums[block] = Across(a);
            sums[block + 1] = Across(b);
            sums[block + 2] = Across(c);
            sums[block + 3] = Across(d);
        }

        for (int count = sums.Length / 2; count > 0; count /= 2)
        {
            for (int i = 0; i < count; i++)
            {
                sums[i] = sums[2 * i] + sums[(2 * i) + 1];
            }
        }

        return sums[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Across(Vector256<float> r) => (r[0] + r[1] + (r[2] + r[3])) + (r[4] + r[5] + (r[6] + r[7]));

    private static float Pairwise(ReadOnlySpan<float> values)
    {
        float sum = 0;
        if (values.Length < Lanes)
        {
            foreach (float value in values)
            {
                sum += value;
            }

            return sum;
        }

        if (values.Length > Block)
        {
            int half = values.Length / 2;
            half -= half % Lanes;
            return Pairwise(values[..half]) + Pairwise(values[half..]);
        }

        var r = Vector256.Create(values);
        int i = Lanes;
        for (; i < values.Length - values.Length % Lanes; i += Lanes)
        {
            r += Vector256.Create(values[i..]);
        }

        sum = Across(r);
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }
}
