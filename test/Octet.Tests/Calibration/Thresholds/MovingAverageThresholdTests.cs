using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class MovingAverageThresholdTests
{
    private static readonly float[][] Batches = [[-1, 2], [-3, 4], [1, 8]];

    [Fact]
    public void Compute_OfOneBatch_IsItsRange()
        => Assert.Equal((-1f, 2f), Range([[-1, 2]], ("ema_decay", 0.999)));

    [Fact]
    public void Compute_WithZeroDebias_WeighsLateBatchesMore()
    {
        // Weights 1/8, 1/4, 1/2 over their sum 7/8; the third batch's minimum counts as zero.
        var (min, max) = Range(Batches, ("ema_decay", 0.5));
        Assert.Equal((-1 / 8.0 - 3 / 4.0) / (7 / 8.0), min, 1e-6);
        Assert.Equal((2 / 8.0 + 4 / 4.0 + 8 / 2.0) / (7 / 8.0), max, 1e-6);
    }

    [Fact]
    public void Compute_WithoutZeroDebias_StartsAtTheGivenRange()
    {
        var (min, max) = Range([[-1, 2]], ("ema_decay", 0.75), ("zero_debias", 0), ("init_max", 6));
        Assert.Equal((-0.25f, 5f), (min, max));
    }

    private static (float Min, float Max) Range(float[][] batches, params (string, double)[] parameters)
    {
        var range = ThresholdRuns.Run("moving-average", batches, QuantType.UInt8, symmetric: false, parameters).Range;
        return (range.Min, range.Max);
    }
}
