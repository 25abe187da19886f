using System.Buffers;
using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// OCTAV's threshold of each sample (Sakr et al. 2022, "Optimal Clipping and Magnitude-aware Differentiation for Improved
/// Quantization-aware Training", equation 6) as tpu-mlir iterates it (python/calibration/cali_math.py): from the mean magnitude of the
/// values that are not zero, s ← Σ{|x| &gt; s} |x| / (4^−bits / 3 · k · #{|x| ≤ s} + #{|x| &gt; s}), k = 1/4 where nothing is below zero, at most
/// 20 times; the value before a change of less than 10^−6 is taken. Sums and comparisons are of 32-bit floats.
/// </summary>
/// <param name="Bits">Of the quantizer.</param>
internal sealed record OctavThresholds(int Bits) : TpuMlirRecord
{
    /// <summary>The name.</summary>
    public const string NeedName = "tpu-mlir-octav";

    private const int Rounds = 20;
    private const double Tolerance = 1e-6;
    private const double NothingBelow = 1e-6;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bits];

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static OctavThresholds? Of(ImmutableArray<double> p) => p[0] is >= 2 and <= 32 ? new OctavThresholds((int)p[0]) : null;

    /// <inheritdoc/>
    protected override double Threshold(SampleValues values)
    {
        var nonZero = values.NonZero;
        if (nonZero.IsEmpty)
        {
            return 0;
        }

        // Rented, for they are as large as the tensor: what a sample leaves behind would otherwise pile up until it is collected.
        bool signed = values.Extremes.Min < 0;
        float[] room = ArrayPool<float>.Shared.Rent(nonZero.Length);
        float[] above = ArrayPool<float>.Shared.Rent(signed ? nonZero.Length : 0);
        try
        {
            if (!signed)
            {
                return Threshold(values, nonZero, room);
            }

            System.Numerics.Tensors.TensorPrimitives.Abs(nonZero, room);
            return Threshold(values, room.AsSpan(0, nonZero.Length), above);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(room);
            ArrayPool<float>.Shared.Return(above);
        }
    }

    private double Threshold(SampleValues values, ReadOnlySpan<float> magnitudes, float[] room)
    {
        var above = magnitudes;
        int all = values.Values.Length;
        bool nothingBelow = Math.Abs((double)values.Extremes.Min) < NothingBelow;
        double weight = Math.Pow(4, -Bits) / 3 / (nothingBelow ? 4 : 1);
        double threshold = NumPySum.Of(magnitudes) / (double)magnitudes.Length;
        float last = 0;
        for (int round = 0; round < Rounds; round++)
        {
            float bound = (float)threshold;

            // Above a rising bound are only some of those above the last.
            var from = bound >= last ? above : magnitudes;
            above = room.AsSpan(0, Compaction.Above(from, bound, room));
            last = bound;
            double next = NumPySum.Of(above) / (weight * (all - above.Length) + above.Length);
            if (Math.Abs(next - threshold) < Tolerance)
            {
                break;
            }

            threshold = next;
        }

        return double.IsFinite(threshold) ? threshold : 0;
    }
}
