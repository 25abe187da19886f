using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// Chooses symmetric ranges as shares of the largest weight, by the output error that a rounding with them gives. Columns that share a scale (all, or none)
/// are judged by the sum of their errors.
/// </summary>
internal sealed class WeightRanges
{
    private const float CoarseStep = 0.1f;
    private const float LeastShare = 0.3f;

    // Far above where float products of scales lose bits, far below any weight that matters.
    private const float TiniestScale = 1e-30f;

    private static readonly float[] FineSteps = [0.05f, 0.025f];

    private readonly float[] maxima;
    private readonly float[] minimumScales;
    private readonly bool perChannel;
    private readonly int limit;
    private readonly bool powersOfTwo;

    /// <summary>Makes ranges for columns.</summary>
    /// <param name="maxima">Largest magnitude of each column; 0 for padding and dead channels.</param>
    /// <param name="minimumScales">Smallest allowed scale of each.</param>
    /// <param name="perChannel">Whether each column has its own scale.</param>
    /// <param name="limit">Largest magnitude of a quantized value.</param>
    /// <param name="powersOfTwo">Whether scales are rounded up to powers of two.</param>
    internal WeightRanges(float[] maxima, float[] minimumScales, bool perChannel, int limit, bool powersOfTwo = false)
    {
        this.powersOfTwo = powersOfTwo;
        float largest = maxima.Max();
        float smallest = maxima.Where(m => m > 0).DefaultIfEmpty(limit).Min();
        this.perChannel = perChannel;
        this.limit = limit;

        // A dead channel still has a bias: the finest scale of the layer serves it.
        this.maxima = [.. maxima.Select(m => !perChannel && largest > 0 ? largest : m > 0 ? m : smallest)];
        this.minimumScales = perChannel ? minimumScales : [.. minimumScales.Select(_ => minimumScales.Max())];
    }

    /// <summary>Scales with the same share of the range for all columns.</summary>
    internal float[] Scales(float share)
    {
        var shares = new float[maxima.Length];
        Array.Fill(shares, share);
        return Scales(shares);
    }

    /// <summary>The best scales.</summary>
    /// <param name="outputErrors">The output error of each column with given scales.</param>
    internal float[] Search(Func<float[], double[]> outputErrors)
    {
        var best = new float[maxima.Length];
        Array.Fill(best, 1f);
        var least = PerUnit(outputErrors(Scales(best)));
        for (int step = 1; 1 - (step * CoarseStep) > LeastShare - (CoarseStep / 2); step++)
        {
            float share = 1 - (step * CoarseStep);
            Try([.. best.Select(_ => share)]);
        }

        foreach (float step in FineSteps)
        {
            var centre = (float[])best.Clone();
            Try([.. centre.Select(s => s - step)]);
            Try([.. centre.Select(s => Math.Min(1, s + step))]);
        }

        return Scales(best);

        void Try(float[] shares)
        {
            var errors = PerUnit(outputErrors(Scales(shares)));
            for (int c = 0; c < errors.Length; c++)
            {
                if (errors[c] < least[c])
                {
                    least[c] = errors[c];
                    best[c] = shares[c];
                }
            }
        }
    }

    /// <summary>For each column the error of all columns that share its scale.</summary>
    internal double[] PerUnit(double[] errors)
    {
        if (perChannel)
        {
            return errors;
        }

        double sum = errors.Sum();
        return [.. errors.Select(_ => sum)];
    }

    private float[] Scales(float[] shares)
        => [.. shares.Select((s, c) => Math.Max(Math.Max(s * maxima[c] / limit, minimumScales[c]), TiniestScale)).Select(s => powersOfTwo ? PowerOfTwo.AtLeast(s) : s)];
}
