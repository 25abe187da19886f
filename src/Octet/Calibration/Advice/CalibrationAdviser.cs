using System.Collections.Immutable;
using System.Globalization;
using Octet.Calibration.Files;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Calibration.Advice;

/// <summary>
/// Tells from statistics alone whether a calibration can be trusted: the groups that a tensor's histogram is gathered in are small calibrations
/// of their own, and the extremes of each sample show which of them stand out.
/// </summary>
public static class CalibrationAdviser
{
    /// <summary>The fewest samples of a calibration, as a rule.</summary>
    public const int FewestSamples = 100;

    /// <summary>The most samples that a calibration gains by, as a rule.</summary>
    public const int MostSamples = 500;

    /// <summary>Share of its last bound that a settled bound stays within.</summary>
    public const double Tolerance = 0.02;

    private const double LonelyExcess = 1.5;
    private const double LonelyShare = 0.05;
    private const int NamesTold = 3;

    /// <summary>Looks at statistics.</summary>
    /// <param name="statistics">What was gathered.</param>
    /// <param name="method">The method whose thresholds are looked at; one that needs histograms alone.</param>
    /// <param name="type">The type to quantize to.</param>
    /// <param name="symmetric">Whether the scheme is symmetric.</param>
    /// <param name="evaluation">Statistics of the evaluation samples on the same model; null for none.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticKindRefused"/>: the method needs more than histograms;
    /// <see cref="ErrorCodes.StatisticsStranger"/>: the evaluation's statistics are of another model.</exception>
    public static CalibrationAdvice Advise(CalibrationStatistics statistics, IThresholdMethod method, QuantType type, bool symmetric, CalibrationStatistics? evaluation = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(method);
        var settings = new ThresholdSettings(method);
        if (!method.Needs(type, symmetric, settings).IsEmpty)
        {
            throw new OctetException(
                ErrorCodes.StatisticKindRefused, $"method {method.Name} needs more than histograms, and only these are kept in groups", $"ask for {string.Join(", ", ThresholdMethods.Candidates.Select(m => m.Name))}");
        }

        ImmutableArray<TensorAdvice> tensors = [.. statistics.Tensors.AsParallel().AsOrdered().Select(
            t => Settling(t.Key, t.Value.Statistics, statistics.Coverage[CalibrationStatistics.HistogramKey], s => method.Compute(s, type, symmetric, settings).Range.Bound)).OfType<TensorAdvice>()];
        var outliers = Outliers(statistics);
        ImmutableArray<TensorDrift> drift = evaluation is null ? [] : Drift(statistics, evaluation);
        return new CalibrationAdvice(statistics.SampleCount, method.Name, tensors, outliers, drift, [.. NumberOfSamples(statistics.SampleCount), .. OfOutliers(outliers), .. OfTensors(method, tensors), .. OfDrift(drift)]);
    }

    /// <summary>Samples that alone drive the extremes of many tensors; empty where the extremes of samples were not gathered.</summary>
    public static ImmutableArray<OutlierSample> Outliers(CalibrationStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var need = new BatchExtremes();
        var found = new Dictionary<int, (int Tensors, double Excess)>();
        foreach (var tensor in statistics.Tensors.Values.Where(t => t.Statistics.Has(need)))
        {
            var bounds = tensor.Statistics.Get(need).ByIndex.Where(r => r.Record.Length == 2).Select(r => (r.Index, Bound: Math.Max(-r.Record[0], r.Record[1]))).OrderByDescending(r => r.Bound).Take(2).ToArray();
            if (bounds.Length == 2 && bounds[1].Bound > 0 && bounds[0].Bound > LonelyExcess * bounds[1].Bound)
            {
                var (tensors, excess) = found.GetValueOrDefault(bounds[0].Index);
                found[bounds[0].Index] = (tensors + 1, Math.Max(excess, (double)bounds[0].Bound / bounds[1].Bound));
            }
        }

        double least = Math.Max(1, LonelyShare * statistics.Tensors.Count);
        return [.. found.Where(f => f.Value.Tensors > least && f.Key < statistics.Origin.Samples.Length)
            .OrderByDescending(f => f.Value.Tensors).ThenBy(f => f.Key)
            .Select(f => new OutlierSample(f.Key, statistics.Origin.Samples[f.Key], f.Value.Tensors, f.Value.Excess))];
    }

    /// <summary>Warnings about the number of samples.</summary>
    public static IEnumerable<string> NumberOfSamples(int samples)
    {
        if (samples > MostSamples)
        {
            yield return Text($"{ErrorCodes.SamplesMany}: there are {samples} calibration samples; more than {MostSamples} seldom change a range");
        }
        else if (samples < FewestSamples)
        {
            yield return Text($"{ErrorCodes.SamplesFew}: there are {samples} calibration samples; {FewestSamples} to {MostSamples} are usual");
        }
    }

    /// <summary>Warnings about samples that stand out.</summary>
    public static IEnumerable<string> OfOutliers(ImmutableArray<OutlierSample> outliers)
        => outliers.Take(NamesTold).Select(o => Text(
            $"{ErrorCodes.SampleOutlier}: calibration sample {o.Index} (\"{o.Name}\") alone drives the extremes of {o.Tensors} tensors, up to {o.Excess:0.0} times those of all others; look at it, or leave it out"));

    /// <summary>How unlike the values of each tensor are in two sets of samples.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticsStranger"/>: the statistics are of unlike models.</exception>
    public static ImmutableArray<TensorDrift> Drift(CalibrationStatistics first, CalibrationStatistics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Origin.Graph != second.Origin.Graph)
        {
            throw new OctetException(ErrorCodes.StatisticsStranger, "the statistics are of models of unlike structure", "compare statistics of one model");
        }

        return DriftTest.Run(first.Tensors.Where(t => second.Tensors.ContainsKey(t.Key)).Select(t => (t.Key, t.Value.Statistics, second.Tensors[t.Key].Statistics)));
    }

    private static TensorAdvice? Settling(string name, TensorStatistics statistics, SampleRanges seen, Func<TensorStatistics, float> boundOf)
    {
        var groups = statistics.Groups;
        if (groups.Any(g => g.IsEmpty) || groups.Length < 2)
        {
            return null;
        }

        int[] samples = new int[groups.Length];
        foreach (var (from, to) in seen.All)
        {
            for (int i = from; i < to; i++)
            {
                samples[i % groups.Length]++;
            }
        }

        float Bound(IEnumerable<LogLinearHistogram> some) => boundOf(new TensorStatistics(LogLinearHistogram.Merged(some)));
        float[] growing = [.. Enumerable.Range(1, groups.Length).Select(k => Bound(groups.Take(k)))];
        float last = growing[^1];
        int settled = Array.FindLastIndex(growing, b => Math.Abs(b - last) > Tolerance * last) + 1;

        // Jackknife (Tukey 1958): what the bound would be without each of the groups.
        double[] without = [.. Enumerable.Range(0, groups.Length).Select(k => (double)Bound(groups.Where((_, i) => i != k)))];
        double mean = without.Average();
        double variance = without.Sum(b => (b - mean) * (b - mean)) * (groups.Length - 1) / groups.Length;
        return new TensorAdvice(name, last, settled == groups.Length - 1 ? null : samples.Take(settled + 1).Sum(), last == 0 ? 0 : Math.Sqrt(variance) / last);
    }

    private static IEnumerable<string> OfTensors(IThresholdMethod method, ImmutableArray<TensorAdvice> tensors)
    {
        TensorAdvice[] moving = [.. tensors.Where(t => t.SettledAfter is null).OrderByDescending(t => t.Uncertainty)];
        if (moving.Length > 0)
        {
            yield return Text(
                $"{ErrorCodes.ThresholdUnsettled}: {moving.Length} of {tensors.Length} thresholds of {method.Name} still moved by more than {Tolerance * 100:0} % with the last samples, most uncertain that of \"{moving[0].Name}\" (±{moving[0].Uncertainty * 100:0.0} %); give more samples, or a method that depends less on extremes");
        }
    }

    /// <summary>Warnings about evaluation samples that are unlike the calibration samples, the most unlike tensors named.</summary>
    public static IEnumerable<string> OfDrift(ImmutableArray<TensorDrift> drift)
    {
        TensorDrift[] unlike = [.. drift.Where(d => d.Differs).OrderByDescending(d => d.Distance)];
        if (unlike.Length > 0)
        {
            string named = string.Join(", ", unlike.Take(NamesTold).Select(d => Text(
                $"\"{d.Name}\" (divergence {d.Distance:0.000} bits where {d.Usual:0.000} are usual, {d.Outside * 100:0.00} % of the values beyond its extremes)")));
            yield return Text(
                $"{ErrorCodes.DataUnlike}: the evaluation samples are unlike the calibration samples at {unlike.Length} of {drift.Length} tensors, most at {named}; calibrate with samples like those that the network will see, prepared alike");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
