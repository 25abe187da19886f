namespace Octet.Refinement;

/// <summary>
/// Chooses which channels of an activation are split, into how many, and whether activations or weights become smaller by it: one copy after the other, each where it
/// lowers the error at the readers' outputs most.
/// </summary>
/// <param name="channels">Channels of the activation.</param>
/// <param name="trials">One for each layer that reads it; positions of its kernel lie one behind the other in a row.</param>
internal sealed class SplitChoice(int channels, IReadOnlyList<(ProductTrial Trial, int Positions)> trials)
{
    // Zhao et al. 2019 add up to 5 %; layers of few channels may have two more.
    private const int Sixteenth = 16;
    private const int LeastCopies = 2;

    // Copies that bring only the last tenth of the gain are not made.
    private const double Share = 0.9;

    private readonly int most = Math.Max(LeastCopies, channels / Sixteenth);

    /// <summary>The best choice and what it gains on rows that it was not chosen by, in dB; one copy at least, even where that gains nothing.</summary>
    /// <param name="activations">Greatest magnitudes of the channels' activations.</param>
    /// <param name="weights">Greatest magnitudes of the weights that read each channel.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public (ChannelFactors Factors, double Gain) Solve(float[] activations, float[] weights, CancellationToken cancellationToken)
    {
        var none = ChannelFactors.None(channels);
        var before = Fit(none);
        var steps = new List<(ChannelFactors Factors, double Gain)>();
        var current = none;
        for (int s = 0; s < most; s++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] large = [.. activations.Select((a, c) => a / current.Divisors[c])];
            float[] heavy = [.. weights.Select((w, c) => w * current.Multipliers[c])];
            steps.Add(Candidates(current, large, heavy).Select(c => (Factors: c, Gain: GainOf(before, Fit(c)))).MaxBy(t => t.Gain));
            current = steps[^1].Factors;
        }

        double best = steps.Max(s => s.Gain);
        var chosen = steps.First(s => s.Gain >= (best > 0 ? Share * best : best)).Factors;
        return (chosen, GainOf(Judge(none, before), Judge(chosen, Fit(chosen))));
    }

    private static IEnumerable<ChannelFactors> Candidates(ChannelFactors current, float[] large, float[] heavy)
    {
        yield return Split(current, IndexOfLargest(large), 1);
        yield return Split(current, IndexOfLargest(heavy), 0);
        yield return Split(current, IndexOfLargest([.. large.Zip(heavy, (a, w) => a * w)]), 0.5);
    }

    // One copy more of a channel: its activations take this share of what becomes smaller, in decibels.
    private static ChannelFactors Split(ChannelFactors current, int channel, double share)
    {
        float copies = current.Copies[channel];
        float less = copies / (copies + 1);
        var (divisors, multipliers, count) = ((float[])current.Divisors.Clone(), (float[])current.Multipliers.Clone(), (float[])current.Copies.Clone());
        multipliers[channel] *= (float)Math.Pow(less, 1 - share);
        count[channel]++;
        divisors[channel] = multipliers[channel] * count[channel];
        return new ChannelFactors(divisors, multipliers, count);
    }

    private static int IndexOfLargest(float[] values) => Array.IndexOf(values, values.Max());

    private (double Error, float Clip)[] Fit(ChannelFactors factors) => [.. trials.Select(t => t.Trial.Fit(factors.Repeated(t.Positions)))];

    private (double Error, float Clip)[] Judge(ChannelFactors factors, (double Error, float Clip)[] fitted)
        => [.. trials.Select((t, i) => (t.Trial.Judge(factors.Repeated(t.Positions), fitted[i].Clip), fitted[i].Clip))];

    // The mean of all readers' relative errors.
    private static double GainOf((double Error, float Clip)[] before, (double Error, float Clip)[] after)
    {
        double[] ratios = [.. before.Zip(after).Where(p => p.First.Error > 0).Select(p => p.Second.Error / p.First.Error)];
        return ratios.Length > 0 && ratios.Average() is > 0 and var mean ? -10 * Math.Log10(mean) : 0;
    }
}
