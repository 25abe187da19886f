using Octet.Numerics;

namespace Octet.Calibration;

/// <summary>
/// The squared error that quantization causes to the values of a histogram, clipping included. Values count as spread evenly over their
/// bin, for which the integral of the squared distance to the nearest grid point has a closed form; no noise model is assumed.
/// Prepared once, it prices a scale and zero point in some microseconds.
/// </summary>
public sealed class HistogramError
{
    private readonly HistogramSide negative;
    private readonly HistogramSide positive;

    /// <summary>Prepares the sums.</summary>
    public HistogramError(LogLinearHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var bins = histogram.Bins();
        negative = new HistogramSide([.. bins.Where(b => b.Low < 0).Reverse().Select(b => new HistogramBin(-b.High, -b.Low, b.Count))]);
        positive = new HistogramSide([.. bins.Where(b => b.High > 0)]);
    }

    /// <summary>Sum of the squares of all values.</summary>
    public double Power => negative.Power + positive.Power;

    /// <summary>Sum of the squares of a histogram's values, taken as spread evenly over their bins.</summary>
    public static double PowerOf(LogLinearHistogram histogram) => new HistogramError(histogram).Power;

    /// <summary>Expected sum over all values of (value − dequantized value)².</summary>
    /// <param name="parameters">Per tensor.</param>
    public static double SquaredError(LogLinearHistogram histogram, QuantParams parameters) => new HistogramError(histogram).SquaredError(parameters);

    /// <summary>Expected sum over all values of (value − dequantized value)².</summary>
    /// <param name="parameters">Per tensor.</param>
    /// <exception cref="ArgumentException">The parameters are per channel.</exception>
    public double SquaredError(QuantParams parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Axis is not null)
        {
            throw new ArgumentException("A histogram knows no channels.", nameof(parameters));
        }

        return SquaredError(parameters.Type, parameters.Scale, parameters.ZeroPoint);
    }

    /// <summary>As the other, for plain numbers.</summary>
    internal double SquaredError(QuantType type, float scale, int zeroPoint)
        => negative.SquaredError(scale, (double)zeroPoint - type.Min) + positive.SquaredError(scale, (double)type.Max - zeroPoint);

    /// <summary>
    /// A cheaper estimate: rounding noise of scale²/12 for every value above half a step (Widrow and Kollár, Quantization Noise, 2008,
    /// chapter 4), the value itself below, clipping exactly.
    /// </summary>
    internal double Estimate(QuantType type, float scale, int zeroPoint)
        => negative.Estimate(scale, (double)zeroPoint - type.Min) + positive.Estimate(scale, (double)type.Max - zeroPoint);
}
