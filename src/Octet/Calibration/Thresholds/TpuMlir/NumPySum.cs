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
        for (int i = 0; i < values.Length; i += Chunk)
        {
            sum += Pairwise(values.Slice(i, Math.Min(Chunk, values.Length - i)));
        }

        return sum;
    }

    /// <summary>The sum of the distances from a centre.</summary>
    internal static float OfDeviations(ReadOnlySpan<float> values, float centre)
    {
        Span<float> deviations = stackalloc float[Chunk];
        float sum = 0;
        for (int i = 0; i < values.Length; i += Chunk)
        {
            var some = deviations[..Math.Min(Chunk, values.Length - i)];
            System.Numerics.Tensors.TensorPrimitives.Subtract(values.Slice(i, some.Length), centre, some);
            System.Numerics.Tensors.TensorPrimitives.Abs(some, some);
            sum += Pairwise(some);
        }

        return sum;
    }

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

        sum = (r[0] + r[1] + (r[2] + r[3])) + (r[4] + r[5] + (r[6] + r[7]));
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }
}
