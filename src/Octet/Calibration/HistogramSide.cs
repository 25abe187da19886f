namespace Octet.Calibration;

/// <summary>The values of one sign of a histogram, by magnitude, with the sums that price a quantization grid.</summary>
internal sealed class HistogramSide
{
    private readonly HistogramBin[] bins;

    // Sums of squares of the bins before i; counts, sums and sums of squares of the bins from i on. Both run away from the
    // smallest addend, so that small tails are not lost in large sums.
    private readonly double[] squaresBefore;
    private readonly double[] countsFrom;
    private readonly double[] sumsFrom;
    private readonly double[] squaresFrom;

    /// <summary>Prepares the sums.</summary>
    /// <param name="bins">Ascending, edges ≥ 0.</param>
    public HistogramSide(HistogramBin[] bins)
    {
        this.bins = bins;
        int n = bins.Length;
        squaresBefore = new double[n + 1];
        countsFrom = new double[n + 1];
        sumsFrom = new double[n + 1];
        squaresFrom = new double[n + 1];
        for (int i = 0; i < n; i++)
        {
            squaresBefore[i + 1] = squaresBefore[i] + SquaresOf(bins[i]);
        }

        for (int i = n - 1; i >= 0; i--)
        {
            var (low, high, count) = bins[i];
            countsFrom[i] = countsFrom[i + 1] + count;
            sumsFrom[i] = sumsFrom[i + 1] + count * (low + high) / 2;
            squaresFrom[i] = squaresFrom[i + 1] + SquaresOf(bins[i]);
        }
    }

    /// <summary>Sum of the squares of all values.</summary>
    public double Power => squaresBefore[^1];

    /// <summary>Sum of squared distances to the nearest of 0, step, 2·step … steps·step.</summary>
    public double SquaredError(double step, double steps)
    {
        double limit = step * steps;
        double half = Math.Min(step / 2, limit);
        int first = FirstReaching(half, high: true);
        double error = squaresBefore[first];
        int i = first;
        double cubed = 0;
        double inverse = 1 / step;
        for (; i < bins.Length && bins[i].High <= limit; i++)
        {
            var (low, high, count) = bins[i];
            double a = low * inverse;
            double b = high * inverse;
            double na = Math.Round(a);
            double nb = Math.Round(b);
            double da = a - na;
            double db = b - nb;

            // The integral of the squared distance from 0 to u, in steps: n/12 + d³/3 with n = round(u), d = u − n.
            cubed += b > a
                ? count * ((nb - na) / 12 + (db * db * db - da * da * da) / 3) / (b - a)
                : count * da * da;
        }

        error += cubed * step * step;
        if (i < bins.Length && bins[i].Low < limit)
        {
            error += Straddling(bins[i], step, limit);
            i++;
        }

        return error + Clipped(i, limit);
    }

    /// <summary>The same by the noise model: step²/12 a value between half a step and the limit.</summary>
    public double Estimate(double step, double steps)
    {
        double limit = step * steps;
        int first = FirstReaching(Math.Min(step / 2, limit), high: true);
        int last = Math.Max(first, FirstReaching(limit, high: false));
        return squaresBefore[first] + (countsFrom[first] - countsFrom[last]) * step * step / 12 + Clipped(last, limit);
    }

    private static double SquaresOf(HistogramBin bin)
        => bin.Count * (bin.Low * bin.Low + bin.Low * bin.High + bin.High * bin.High) / 3;

    // Never called for a bin without width, which cannot lie on both sides.
    private static double Straddling(HistogramBin bin, double step, double limit)
    {
        double a = bin.Low / step;
        double b = limit / step;
        double da = a - Math.Round(a);
        double db = b - Math.Round(b);
        double inside = ((Math.Round(b) - Math.Round(a)) / 12 + (db * db * db - da * da * da) / 3) * step * step * step;
        double outside = Math.Pow(bin.High - limit, 3) / 3;
        return bin.Count * (inside + outside) / (bin.High - bin.Low);
    }

    /// <summary>Error of the bins from <paramref name="from"/> on when each value becomes the limit.</summary>
    private double Clipped(int from, double limit)
        => Math.Max(0, squaresFrom[from] - 2 * limit * sumsFrom[from] + limit * limit * countsFrom[from]);

    /// <summary>The first bin with an edge (the upper or the lower one) above <paramref name="value"/>.</summary>
    private int FirstReaching(double value, bool high)
    {
        int from = 0;
        int to = bins.Length;
        while (from < to)
        {
            int middle = (from + to) / 2;
            if ((high ? bins[middle].High : bins[middle].Low) > value)
            {
                to = middle;
            }
            else
            {
                from = middle + 1;
            }
        }

        return from;
    }
}
