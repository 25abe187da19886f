using System.Collections.Immutable;

namespace Octet.Calibration.Advice;

/// <summary>
/// Whether the values of tensors in two sets of samples come from one source. Values of one sample depend on each other, so groups of samples are what is exchanged: the
/// Jensen–Shannon divergence between the sets is held against that between random splits of all groups into two sets of the same sizes (permutation test, E. Pitman 1937), and a
/// tensor differs only where it stands out more than the most conspicuous of all tensors does in every one of these (maxT, P. Westfall and S. Young 1993). So a clean pair of sets
/// raises an alarm with a probability of 1/200 at most, for any number of tensors.
/// </summary>
internal static class DriftTest
{
    /// <summary>Fewer groups of samples of either set tell nothing of chance.</summary>
    public const int FewestGroups = 4;

    private const int Splits = 199;

    // In bits: what is true but of no matter to ranges.
    private const double Negligible = 0.005;
    private const int Seed = 1;

    /// <summary>Compares sets.</summary>
    /// <param name="tensors">Each with what was seen of it in either set, in groups.</param>
    public static ImmutableArray<TensorDrift> Run(IEnumerable<(string Name, TensorStatistics First, TensorStatistics Second)> tensors)
    {
        (string Name, TensorStatistics First, TensorStatistics Second)[] all = [.. tensors];
        var tested = new (double Distance, double[] Chance)[all.Length];
        Parallel.For(0, all.Length, i => tested[i] = Test(all[i].First, all[i].Second));
        double[] most = [.. Enumerable.Range(0, Splits).Select(s => tested.Where(t => t.Chance.Length > 0).Select(t => Excess(t.Chance[s], t.Chance)).DefaultIfEmpty().Max())];
        double bound = most.Max();
        return [.. all.Zip(tested, (tensor, test) =>
        {
            double usual = test.Chance.Length == 0 ? 0 : test.Chance.Average();
            bool differs = test.Chance.Length > 0 && test.Distance - usual > Negligible && Excess(test.Distance, test.Chance) > bound;
            return new TensorDrift(tensor.Name, test.Distance, usual, Outside(tensor.First.Histogram, tensor.Second.Histogram), differs);
        })];
    }

    private static (double Distance, double[] Chance) Test(TensorStatistics first, TensorStatistics second)
    {
        double distance = HistogramDistance.JensenShannon(first.Histogram, second.Histogram);
        LogLinearHistogram[] a = [.. first.Groups.Where(g => !g.IsEmpty)];
        LogLinearHistogram[] b = [.. second.Groups.Where(g => !g.IsEmpty)];
        if (Math.Min(a.Length, b.Length) < FewestGroups)
        {
            return (distance, []);
        }

        long[][] groups = [.. a.Concat(b).Select(g => g.CoarseCounts())];
        int[] used = [.. Enumerable.Range(0, groups[0].Length).Where(i => groups.Any(g => g[i] > 0))];
        groups = [.. groups.Select(g => used.Select(i => g[i]).ToArray())];
        long[] whole = Sum(groups);
        int[] order = [.. Enumerable.Range(0, groups.Length)];
        var random = new Random(Seed);
        var chance = new double[Splits];
        for (int s = 0; s < Splits; s++)
        {
            random.Shuffle(order);
            long[] part = Sum(order.Take(a.Length).Select(i => groups[i]));
            chance[s] = HistogramDistance.JensenShannon(part, [.. whole.Zip(part, (w, p) => w - p)]);
        }

        return (distance, chance);
    }

    // In standard deviations of what chance makes, so that tensors of many and of few values can be held against each other.
    private static double Excess(double distance, double[] chance)
    {
        double mean = chance.Average();
        double deviation = Math.Sqrt(chance.Sum(c => (c - mean) * (c - mean)) / chance.Length);
        return deviation > 0 ? (distance - mean) / deviation : distance > mean ? double.PositiveInfinity : 0;
    }

    private static long[] Sum(IEnumerable<long[]> groups) => groups.Aggregate((sum, group) => [.. sum.Zip(group, (s, g) => s + g)]);

    private static double Outside(LogLinearHistogram first, LogLinearHistogram second)
        => second.IsEmpty ? 0 : (double)second.Bins().Where(b => b.Low > first.Max || b.High < first.Min).Sum(b => b.Count) / second.Count;
}
