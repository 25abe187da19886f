using System.Numerics.Tensors;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>
/// The search of Ascend AMCT's IFMR (hicann/amct, amct_pytorch, custom_op/ifmr): the upper end is tried at ratios of itself, the lower
/// one stays, and the least mean of (rounded − value)² wins, the first where several are least. Every value is clipped, divided,
/// rounded, multiplied, subtracted and squared in 32-bit floats; sums here are of doubles, which gives the same choice.
/// </summary>
internal sealed class IfmrSearch
{
    private const int Lanes = 8;
    private const int Block = 1 << 12;

    private readonly float low;
    private readonly (float Bound, float Scale)[] candidates;
    private readonly bool withOffset;
    private readonly int bits;

    /// <summary>Makes the candidates.</summary>
    /// <param name="max">The upper order statistic.</param>
    /// <param name="min">The lower one.</param>
    /// <param name="bits">2 to 16.</param>
    /// <param name="withOffset">Whether the scheme is asymmetric.</param>
    /// <param name="grid">The ratios.</param>
    internal IfmrSearch(float max, float min, int bits, bool withOffset, (double Start, double End, double Step) grid)
    {
        max = Math.Max(0, max);
        min = Math.Min(0, min);
        this.bits = bits;
        this.withOffset = withOffset;
        BoundNegative = !withOffset && max < -min;
        low = min;
        if (!withOffset)
        {
            max = Math.Max(max, -min);
        }

        int levels = withOffset ? (1 << bits) - 1 : (1 << (bits - 1)) - (BoundNegative ? 0 : 1);
        candidates = [.. Ratios(grid.Start, grid.End, grid.Step).Select(r => r * max).Select(c => (c, Scale((withOffset ? c - min : c) / levels)))];
    }

    /// <summary>Whether a symmetric scheme is bound by the negative side, which has one level more.</summary>
    internal bool BoundNegative { get; }

    /// <summary>Number of candidates.</summary>
    internal int Count => candidates.Length;

    /// <summary>Number of ratios from start to end.</summary>
    internal static int CountOf(double start, double end, double step) => (int)Math.Ceiling((end - start) / step);

    /// <summary>The ratios as the original has them: rounded from doubles in groups of eight lanes, as vector registers fill, the last of up to fifteen one by one.</summary>
    internal static float[] Ratios(double start, double end, double step)
    {
        int count = CountOf(start, end, step);
        int inVectors = count - count % (2 * Lanes);
        float[] ratios = new float[count];
        for (int i = 0; i < count; i++)
        {
            ratios[i] = i < inVectors
                ? (float)((float)(start + step * (i - i % Lanes)) + i % Lanes * step)
                : (float)(start + step * i);
        }

        return ratios;
    }

    /// <summary>Adds each candidate's squared errors over some values. Zeros may be left out: they have none.</summary>
    internal void AddErrors(ReadOnlySpan<float> values, Span<double> sums)
    {
        // Block by block, so that values stay in the cache for all candidates.
        for (int start = 0; start < values.Length; start += Block)
        {
            var block = values.Slice(start, Math.Min(Block, values.Length - start));
            var (least, most) = (TensorPrimitives.Min(block), TensorPrimitives.Max(block));
            for (int i = 0; i < candidates.Length; i++)
            {
                var (bound, scale) = candidates[i];
                float bottom = withOffset ? low : -bound;
                double sum = sums[i] + (least >= bottom && most <= bound ? IfmrKernel.SquaredError(block, scale) : IfmrKernel.SquaredError(block, bottom, bound, scale));
                sums[i] = double.IsFinite(sum) ? sum : double.MaxValue;
            }
        }
    }

    /// <summary>The candidate of the least sum.</summary>
    internal int Best(ReadOnlySpan<double> sums)
    {
        int best = 0;
        for (int i = 1; i < sums.Length; i++)
        {
            if (sums[i] < sums[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Scale and offset of a candidate.</summary>
    internal (float Scale, int Offset) Solve(int candidate)
    {
        float scale = candidates[candidate].Scale;
        return (scale, withOffset ? (int)(-MathF.Round(low / scale) - (1 << (bits - 1))) : 0);
    }

    private static float Scale(float scale) => scale < AmctScale.Epsilon ? 1 : Math.Min(scale, float.MaxValue);
}
