using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// The range whose quantized distribution diverges least from the float one in the sense of Kullback and Leibler, after Migacz 2017,
/// "8-bit Inference with TensorRT", GTC; see <see cref="RangeDivergence"/>.
/// </summary>
/// <remarks>
/// Differs from the original where that depends on the extremes: candidates stand on a ladder of ratios, and the bins are those of the
/// log-linear histogram, so that an outlier costs no resolution. Exact zeros, which no range changes, are left out; they would hide
/// all else behind a Relu. An asymmetric range of two signs is found one end after the other.
/// Types of more than 8 bits get the range of 8 bits: their noise is far below what the criterion sees.
/// </remarks>
public sealed class KlThreshold : IThresholdMethod
{
    private const int MostBits = 8;
    private const int Octaves = 16;
    private const int CoarseStepsPerOctave = 2;

    /// <inheritdoc/>
    public string Name => "kl";

    /// <inheritdoc/>
    public string Description => "The range whose quantized distribution diverges least from the float one.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var histogram = statistics.Histogram;
        var whole = new ValueRange(histogram.Min, histogram.Max).WithZero();
        if (whole.Bound == 0)
        {
            return whole;
        }

        int levels = 1 << Math.Min(type.Bits, MostBits);
        if (symmetric || whole.Min == 0 || whole.Max == 0)
        {
            // One sign in an asymmetric scheme has all levels to itself.
            var magnitudes = new RangeDivergence(histogram.MagnitudeBins(), symmetric ? levels / 2 : levels);
            float bound = (float)(whole.Bound * Math.Pow(2, -Ladder(f => magnitudes.Of(0, whole.Bound * Math.Pow(2, -f)))));
            return new ValueRange(Math.Max(whole.Min, -bound), Math.Min(whole.Max, bound));
        }

        var divergence = new RangeDivergence([.. histogram.Bins().Where(b => b.Low != 0 || b.High != 0)], levels);
        double Both(double lower, double upper) => divergence.Of(whole.Min * Math.Pow(2, -lower), whole.Max * Math.Pow(2, -upper));
        double high = Ladder(f => Both(0, f));
        double low = Ladder(f => Both(f, high));
        high = Refine(f => Both(low, f), high);
        low = Refine(f => Both(f, high), low);
        return new ValueRange((float)(whole.Min * Math.Pow(2, -low)), (float)(whole.Max * Math.Pow(2, -high)));
    }

    /// <summary>The number of octaves below the extreme at which a function is least; the fewest where several are.</summary>
    private static double Ladder(Func<double, double> function)
    {
        double best = 0;
        double least = function(0);
        for (int i = 1; i <= Octaves * CoarseStepsPerOctave; i++)
        {
            double fraction = (double)i / CoarseStepsPerOctave;
            double value = function(fraction);
            if (value < least)
            {
                (least, best) = (value, fraction);
            }
        }

        return Refine(function, best);
    }

    /// <summary>A better place near a good one, to 1/32 of an octave.</summary>
    private static double Refine(Func<double, double> function, double start)
    {
        const int reach = 4;
        double best = start;
        double least = function(start);
        double spacing = 1.0 / CoarseStepsPerOctave;
        for (int round = 0; round < 2; round++)
        {
            double centre = best;
            spacing /= reach;
            for (int i = -reach + 1; i < reach; i++)
            {
                double fraction = centre + i * spacing;
                double value = i != 0 && fraction >= 0 ? function(fraction) : double.PositiveInfinity;
                if (value < least)
                {
                    (least, best) = (value, fraction);
                }
            }
        }

        return best;
    }
}
