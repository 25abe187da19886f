using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>
/// Sums (rounded − value)² over values, in registers of a fixed width, so that sums have one order on every processor: 32-bit floats over so few values that they lose
/// nothing that matters, then doubles.
/// </summary>
internal static class IfmrKernel
{
    private const int Lanes = 8;
    private const int Sums = 4;
    private const int Few = Sums * Lanes * 32;

    // Added and subtracted, it rounds what is below 2^22 to the nearest integer, ties to even.
    private const float Rounding = 1.5f * (1 << 23);

    /// <summary>The sum for a scale that clips nothing.</summary>
    /// <param name="values">Below 2^22 scales.</param>
    /// <param name="scale">Above 0.</param>
    public static double SquaredError(ReadOnlySpan<float> values, float scale) => SquaredError<Unclipped>(values, 0, 0, scale);

    /// <summary>The sum for a scale with ends.</summary>
    /// <param name="values">Any.</param>
    /// <param name="low">The lower end, within 2^22 scales of zero.</param>
    /// <param name="high">The upper end, likewise.</param>
    /// <param name="scale">Above 0.</param>
    public static double SquaredError(ReadOnlySpan<float> values, float low, float high, float scale) => SquaredError<Clipped>(values, low, high, scale);

    private static double SquaredError<TClip>(ReadOnlySpan<float> values, float low, float high, float scale)
        where TClip : struct
    {
        ref float start = ref MemoryMarshal.GetReference(values);
        var grid = new Grid(low, high, scale);
        var sum = Vector256<double>.Zero;
        int whole = values.Length - (values.Length % (Sums * Lanes));
        int i = 0;
        while (i < whole)
        {
            var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (int end = Math.Min(whole, i + Few); i < end; i += Sums * Lanes)
            {
                a = grid.Add<TClip>(a, Vector256.LoadUnsafe(ref start, (nuint)i));
                b = grid.Add<TClip>(b, Vector256.LoadUnsafe(ref start, (nuint)(i + Lanes)));
                c = grid.Add<TClip>(c, Vector256.LoadUnsafe(ref start, (nuint)(i + (2 * Lanes))));
                d = grid.Add<TClip>(d, Vector256.LoadUnsafe(ref start, (nuint)(i + (3 * Lanes))));
            }

            var (lower, upper) = Vector256.Widen(a + b + (c + d));
            sum += lower + upper;
        }

        for (; i < values.Length; i += Lanes)
        {
            // Zeros, which have no error, fill the last.
            var last = Vector256<float>.Zero;
            for (int lane = 0; lane < Math.Min(Lanes, values.Length - i); lane++)
            {
                last = last.WithElement(lane, values[i + lane]);
            }

            var (lower, upper) = Vector256.Widen(grid.Add<TClip>(Vector256<float>.Zero, last));
            sum += lower + upper;
        }

        return Vector256.Sum(sum);
    }

    private readonly struct Clipped;

    private readonly struct Unclipped;

    private readonly struct Grid(float low, float high, float scale)
    {
        private readonly Vector256<float> low = Vector256.Create(low);
        private readonly Vector256<float> high = Vector256.Create(high);
        private readonly Vector256<float> scale = Vector256.Create(scale);
        private readonly Vector256<float> inverse = Vector256.Create(1 / scale);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Add<TClip>(Vector256<float> sum, Vector256<float> value)
        {
            var inside = typeof(TClip) == typeof(Clipped) ? Vector256.MinNative(Vector256.MaxNative(value, low), high) : value;
            var rounded = Vector256.FusedMultiplyAdd(inside, inverse, Vector256.Create(Rounding)) - Vector256.Create(Rounding);

            // Not fused: of values that lie on the grid, the original's errors of rounding alone choose.
            var error = (rounded * scale) - value;
            return Vector256.FusedMultiplyAdd(error, error, sum);
        }
    }
}
