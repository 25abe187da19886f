using System.Collections.Immutable;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// The divergence D(P ‖ Q) of a quantized distribution Q from the float one P, over the range of a quantizer. P is the density inside
/// the range, with the values outside added to its end bins, an eighth of a level wide. Q spreads the values of each level evenly over
/// the part of the level that is occupied; it knows nothing of the values outside, so that clipping costs (Migacz 2017).
/// </summary>
internal sealed class RangeDivergence
{
    private const double EndBin = 1.0 / 8;

    private readonly ImmutableArray<HistogramBin> bins;
    private readonly double total;
    private readonly double[] masses;
    private readonly double[] occupied;

    /// <summary>Prepares for some values.</summary>
    /// <param name="bins">Ascending; zeros left out. A bin without width counts as half as wide as it can be.</param>
    /// <param name="levels">Levels of the quantizer, ≥ 2.</param>
    public RangeDivergence(IEnumerable<HistogramBin> bins, int levels)
    {
        this.bins = [.. bins.Select(b => b.High > b.Low ? b : b.Low > 0 ? b with { Low = b.Low * 127 / 128 } : b with { High = b.High * 127 / 128 })];
        total = this.bins.Sum(b => (double)b.Count);
        masses = new double[levels];
        occupied = new double[levels];
    }

    /// <summary>The divergence in nats for a range; infinite where values are clipped into an end bin that is empty.</summary>
    /// <param name="low">Lower end, &lt; <paramref name="high"/>.</param>
    /// <param name="high">Upper end.</param>
    public double Of(double low, double high)
    {
        masses.AsSpan().Clear();
        occupied.AsSpan().Clear();
        double step = (high - low) / masses.Length;
        double below = 0;
        double above = 0;
        double sum = 0;
        var lowEnd = default(End);
        var highEnd = default(End);
        foreach (var (from, to, count) in bins)
        {
            // Widths in levels and densities in values a level: pure numbers, the same for data of any scale.
            double a = (from - low) / step;
            double b = (to - low) / step;
            double density = count / (b - a);
            double first = Math.Max(a, 0);
            double last = Math.Min(b, masses.Length);
            below += density * Math.Max(0, Math.Min(b, 0) - a);
            above += density * Math.Max(0, b - Math.Max(a, masses.Length));
            if (first >= last)
            {
                continue;
            }

            double logarithm = Math.Log(density);
            sum += density * (last - first) * logarithm;
            Spread(first, last, density);
            lowEnd.Add(density * (Math.Min(last, EndBin) - first), logarithm);
            highEnd.Add(density * (last - Math.Max(first, masses.Length - EndBin)), logarithm);
        }

        sum += lowEnd.Take(below) + highEnd.Take(above);
        for (int level = 0; level < masses.Length; level++)
        {
            if (masses[level] > 0)
            {
                double all = masses[level] + (level == 0 ? below : 0) + (level == masses.Length - 1 ? above : 0);
                sum -= all * Math.Log(masses[level] / occupied[level]);
            }
        }

        double result = sum / total + Math.Log((total - below - above) / total);
        return double.IsNaN(result) ? double.PositiveInfinity : result;
    }

    private void Spread(double first, double last, double density)
    {
        for (int level = Math.Min((int)first, masses.Length - 1); level < last; level++)
        {
            double width = Math.Min(last, level + 1) - Math.Max(first, level);
            occupied[level] += width;
            masses[level] += density * width;
        }
    }

    /// <summary>An end bin: its mass m and Σ m·log(density).</summary>
    private struct End
    {
        private double mass;
        private double weighted;

        public void Add(double part, double logarithm)
        {
            if (part > 0)
            {
                mass += part;
                weighted += part * logarithm;
            }
        }

        /// <summary>What the sum of p·log(p) gains when the clipped values are added in proportion.</summary>
        public readonly double Take(double clipped)
        {
            if (clipped <= 0)
            {
                return 0;
            }

            double factor = 1 + clipped / mass;
            return factor * mass * Math.Log(factor) + (factor - 1) * weighted;
        }
    }
}
