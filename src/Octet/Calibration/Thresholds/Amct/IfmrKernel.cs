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
            int end = Math.Min(whole, i + Few);
            var few = Vector512.IsHardwareAccelerated ? Wide<TClip>(grid, ref start, i, end) : Narrow<TClip>(grid, ref start, i, end);
            var (lower, upper) = Vector256.Widen(few);
            sum += lower + upper;
            i = end;
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

    private static Vector256<float> Narrow<TClip>(Grid grid, ref float start, int from, int to)
    {
        var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (nuint i = (nuint)from; i < (nuint)to; i += Sums * Lanes)
        {
            a = grid.Add<TClip>(a, Vector256.LoadUnsafe(ref start, i));
            b = grid.Add<TClip>(b, Vector256.LoadUnsafe(ref start, i + Lanes));
            c = grid.Add<TClip>(c, Vector256.LoadUnsafe(ref start, i + (2 * Lanes)));
            d = grid.Add<TClip>(d, Vector256.LoadUnsafe(ref start, i + (3 * Lanes)));
        }

        return a + b + (c + d);
    }

    // The same sums, two in a register.
    private static Vector256<float> Wide<TClip>(Grid grid, ref float start, int from, int to)
    {
        var (ab, cd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (nuint i = (nuint)from; i < (nuint)to; i += Sums * Lanes)
        {
            ab = grid.Add<TClip>(ab, Vector512.LoadUnsafe(ref start, i));
            cd = grid.Add<TClip>(cd, Vector512.LoadUnsafe(ref start, i + (2 * Lanes)));
        }

        return ab.GetLower() + ab.GetUpper() + (cd.GetLower() + cd.GetUpper());
    }

    private readonly struct Clipped;

    private readonly struct Unclipped;

    private readonly struct Grid(float low, float high, float scale)
    {
        private readonly float inverse = 1 / scale;

        // Not fused: of values that lie on the grid, the original's errors of rounding alone choose.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Add<TClip>(Vector256<float> sum, Vector256<float> value)
        {
            var inside = typeof(TClip) == typeof(Clipped) ? Vector256.MinNative(Vector256.MaxNative(value, Vector256.Create(low)), Vector256.Create(high)) : value;
            var rounded = Vector256.FusedMultiplyAdd(inside, Vector256.Create(inverse), Vector256.Create(Rounding)) - Vector256.Create(Rounding);
            var error = (rounded * Vector256.Create(scale)) - value;
            return Vector256.FusedMultiplyAdd(error, error, sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Add<TClip>(Vector512<float> sum, Vector512<float> value)
        {
            var inside = typeof(TClip) == typeof(Clipped) ? Vector512.MinNative(Vector512.MaxNative(value, Vector512.Create(low)), Vector512.Create(high)) : value;
            var rounded = Vector512.FusedMultiplyAdd(inside, Vector512.Create(inverse), Vector512.Create(Rounding)) - Vector512.Create(Rounding);
            var error = (rounded * Vector512.Create(scale)) - value;
            return Vector512.FusedMultiplyAdd(error, error, sum);
        }
    }
}
