namespace Octet.Analysis;

/// <summary>Sums over pairs of values f (reference) and q, from which the measures of error follow. To be added in the order of the samples.</summary>
internal record struct ErrorSums
{
    private double signal;
    private double noise;
    private double power;
    private double product;
    private double absolute;

    /// <summary>Pairs that are compared.</summary>
    public long Count { get; private set; }

    /// <summary>Pairs with NaN or an infinity that are not the same.</summary>
    public long NonFinite { get; private set; }

    /// <summary>Largest |f − q|.</summary>
    public double MaxAbs { get; private set; }

    /// <summary>Mean |f − q|; 0 of nothing.</summary>
    public readonly double MeanAbs => Count == 0 ? 0 : absolute / Count;

    /// <summary>10·log₁₀(Σf² / Σ(f−q)²); +∞ without error.</summary>
    public readonly double Sqnr => noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);

    /// <summary>Σ(f−q)².</summary>
    public readonly double Noise => noise;

    /// <summary>Σf².</summary>
    public readonly double Signal => signal;

    /// <summary>Σfq / √(Σf²·Σq²); 1 without error, 0 where only one of the two is all zeros.</summary>
    public readonly double Cosine => noise == 0 ? 1 : signal == 0 || power == 0 ? 0 : product / (Math.Sqrt(signal) * Math.Sqrt(power));

    /// <summary>Compares two tensors of the same length.</summary>
    public static ErrorSums Of(ReadOnlySpan<float> reference, ReadOnlySpan<float> model)
    {
        var sums = default(ErrorSums);
        for (int i = 0; i < reference.Length; i++)
        {
            sums.Add(reference[i], model[i]);
        }

        return sums;
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    public static ErrorSums Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> model)
    {
        var sums = default(ErrorSums);
        for (int i = 0; i < reference.Length; i++)
        {
            sums.Add(reference[i], model[i]);
        }

        return sums;
    }

    /// <summary>The sums of several samples, added in their order.</summary>
    public static ErrorSums Total(IEnumerable<ErrorSums> samples)
    {
        var total = default(ErrorSums);
        foreach (var sample in samples)
        {
            total.Add(sample);
        }

        return total;
    }

    /// <summary>Adds the sums of the samples that follow.</summary>
    public void Add(in ErrorSums other)
    {
        signal += other.signal;
        noise += other.noise;
        power += other.power;
        product += other.product;
        absolute += other.absolute;
        Count += other.Count;
        NonFinite += other.NonFinite;
        MaxAbs = Math.Max(MaxAbs, other.MaxAbs);
    }

    private void Add(double f, double q)
    {
        if (!double.IsFinite(f) || !double.IsFinite(q))
        {
            // The same infinity in both is no error (masks hold −∞), and nothing to measure errors by either.
            NonFinite += f.Equals(q) ? 0 : 1;
            return;
        }

        double difference = f - q;
        signal += f * f;
        noise += difference * difference;
        power += q * q;
        product += f * q;
        absolute += Math.Abs(difference);
        MaxAbs = Math.Max(MaxAbs, Math.Abs(difference));
        Count++;
    }
}
