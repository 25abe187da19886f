namespace Octet.Analysis;

/// <summary>The noise of one output over several samples, with and without its mean.</summary>
internal sealed class OutputNoise
{
    private double[] errors = [];
    private double signal;
    private double noise;
    private int samples;
    private bool sameLength = true;

    /// <summary>Takes up the output of one sample.</summary>
    public void Add(ReadOnlySpan<float> reference, ReadOnlySpan<float> model)
    {
        sameLength &= samples == 0 || errors.Length == reference.Length;
        if (samples++ == 0)
        {
            errors = new double[reference.Length];
        }

        for (int i = 0; i < reference.Length; i++)
        {
            double error = (double)reference[i] - model[i];
            if (!double.IsFinite(error))
            {
                continue;
            }

            signal += (double)reference[i] * reference[i];
            noise += error * error;
            if (sameLength)
            {
                errors[i] += error;
            }
        }
    }

    /// <summary>Σ(f−q)² / Σf²; 0 without noise.</summary>
    /// <param name="centred">Whether the mean error over the samples of each value is left out, where all samples have as many values and there are several.</param>
    public double Ratio(bool centred)
    {
        double counted = centred && sameLength && samples > 1 ? Math.Max(0, noise - (errors.Sum(e => e * e) / samples)) : noise;
        return counted == 0 ? 0 : counted / signal;
    }
}
