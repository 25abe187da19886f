using System.Collections.Concurrent;
using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration;

/// <summary>What is kept of the values of one tensor over all samples: always the histogram, and what threshold methods need besides.</summary>
public sealed class TensorStatistics
{
    private readonly ConcurrentDictionary<StatisticNeed, Statistic> statistics = [];
    private int firstBadSample = int.MaxValue;
    private LogLinearHistogram? histogram;

    /// <summary>Makes empty statistics.</summary>
    /// <param name="groups">Number of <see cref="Groups"/>, ≥ 1.</param>
    public TensorStatistics(int groups = 1)
    {
        Groups = [.. Enumerable.Range(0, groups).Select(_ => new LogLinearHistogram())];
    }

    /// <summary>Takes a histogram that is at hand.</summary>
    /// <param name="histogram">Counts of the tensor's values.</param>
    public TensorStatistics(LogLinearHistogram histogram)
        : this([histogram])
    {
    }

    internal TensorStatistics(ImmutableArray<LogLinearHistogram> groups)
    {
        Groups = groups;
    }

    /// <summary>
    /// Counts of its values, those of sample i in group i modulo the number of groups: each group is a smaller calibration of its own, from
    /// which one can tell how much the samples matter.
    /// </summary>
    public ImmutableArray<LogLinearHistogram> Groups { get; }

    /// <summary>Counts of all its values. Not to be read while values are added.</summary>
    public LogLinearHistogram Histogram => histogram ??= Groups.Length == 1 ? Groups[0] : LogLinearHistogram.Merged(Groups);

    /// <summary>The lowest index of a sample that gave NaN or an infinity; null where none did.</summary>
    public int? FirstBadSample => firstBadSample == int.MaxValue ? null : firstBadSample;

    /// <summary>What it holds besides the histogram, in the order of the keys, but what needs a second sweep last.</summary>
    public ImmutableArray<StatisticNeed> Needs
        => [.. statistics.Keys.OrderBy(n => n.Kind == StatisticKind.SecondSweep).ThenBy(n => n.Key, StringComparer.Ordinal)];

    /// <summary>Whether it holds what a need asks for.</summary>
    public bool Has(StatisticNeed need) => statistics.ContainsKey(need);

    /// <summary>The statistic that a need asks for.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticMissing"/>: it was not gathered.</exception>
    public T Get<T>(NeedFor<T> need)
        where T : Statistic
        => (T)Get((StatisticNeed)need);

    /// <summary>The statistic that a need asks for.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticMissing"/>: it was not gathered.</exception>
    public Statistic Get(StatisticNeed need)
    {
        ArgumentNullException.ThrowIfNull(need);
        return statistics.TryGetValue(need, out var statistic) ? statistic : throw new OctetException(
            ErrorCodes.StatisticMissing, $"the statistics lack {need.Key}", "gather it with octet calibrate --methods and the method's name, or give --data instead");
    }

    /// <summary>Adds an empty statistic, if it is not there yet. What it requires of the first sweep must be complete.</summary>
    public Statistic Begin(StatisticNeed need)
    {
        ArgumentNullException.ThrowIfNull(need);
        return statistics.GetOrAdd(need, static (n, all) => n.Create(all), this);
    }

    /// <summary>Takes up the values of one sample into the histogram. May be called by several threads at once.</summary>
    public void Add(SampleValues values)
    {
        int sample = values.Sample;
        bool finite = values.CountInto(Groups[sample % Groups.Length]);
        histogram = null;
        if (!finite)
        {
            for (int seen = Volatile.Read(ref firstBadSample); sample < seen;)
            {
                int old = Interlocked.CompareExchange(ref firstBadSample, sample, seen);
                if (old == seen)
                {
                    break;
                }

                seen = old;
            }
        }
    }

    /// <summary>The same histograms with some of the statistics only.</summary>
    internal TensorStatistics Only(Func<StatisticNeed, bool> wanted)
    {
        var result = new TensorStatistics(Groups);
        foreach (var (need, statistic) in statistics.Where(s => wanted(s.Key)))
        {
            result.statistics[need] = statistic;
        }

        return result;
    }

    /// <summary>Takes up what was gathered of the same tensor from other samples.</summary>
    /// <param name="other">The other; it may be changed.</param>
    /// <param name="merged">Which of the needs are merged.</param>
    /// <param name="mergeHistogram">Whether the histograms are merged.</param>
    internal TensorStatistics With(TensorStatistics other, Func<StatisticNeed, bool> merged, bool mergeHistogram)
    {
        var result = new TensorStatistics([.. Groups.Zip(other.Groups, (a, b) => mergeHistogram ? LogLinearHistogram.Merged([a, b]) : a)]);
        foreach (var need in Needs.Union(other.Needs))
        {
            if (!Has(need) || !other.Has(need) || !merged(need))
            {
                result.statistics[need] = Has(need) ? Get(need) : other.Get(need);
                continue;
            }

            var sum = need.Create(result);
            sum.Merge(Get(need));
            sum.Merge(other.Get(need));
            result.statistics[need] = sum;
        }

        return result;
    }

    /// <summary>Gathers a histogram and statistics from values that are at hand, sample by sample.</summary>
    /// <param name="samples">Each sample's values.</param>
    /// <param name="shape">Their shape; null for one axis.</param>
    /// <param name="needs">What is wanted besides the histogram.</param>
    public static TensorStatistics Of(IReadOnlyList<float[]> samples, IEnumerable<StatisticNeed> needs, Shape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Of([.. samples.Select(s => (s, shape ?? new Shape([s.Length])))], needs);
    }

    /// <summary>Gathers a histogram and statistics from values that are at hand, sample by sample.</summary>
    /// <param name="samples">Each sample's values.</param>
    /// <param name="needs">What is wanted besides the histogram.</param>
    public static TensorStatistics Of(IReadOnlyList<Tensor> samples, IEnumerable<StatisticNeed> needs)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Of([.. samples.Select(s => (s.ToFloats(), s.Shape))], needs);
    }

    private static TensorStatistics Of((float[] Values, Shape Shape)[] samples, IEnumerable<StatisticNeed> needs)
    {
        var result = new TensorStatistics();
        for (int i = 0; i < samples.Length; i++)
        {
            using var values = new SampleValues(i, samples[i].Values, samples[i].Shape);
            result.Add(values);
        }

        // What others require comes first.
        foreach (var need in needs.SelectMany(n => n.Requires.Append(n)).Distinct())
        {
            var statistic = result.Begin(need);
            for (int i = 0; i < samples.Length; i++)
            {
                using var values = new SampleValues(i, samples[i].Values, samples[i].Shape);
                statistic.Add(values);
            }
        }

        return result;
    }
}
