using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Calibration.Advice;
using Octet.Calibration.Files;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Numerics;
using Octet.Tests.Calibration.Thresholds;

namespace Octet.Tests.Calibration.Advice;

public sealed class CalibrationAdviserTests
{
    [Fact]
    public void Advise_OnSamplesThatAreAlike_FindsEveryRangeSettledAndNothingToWarnOf()
    {
        var advice = Advise(Statistics(128, (i, t) => [.. ThresholdMethodContractTests.Gauss(2000, (i * 10) + t).Select(v => Math.Clamp(v, -3, 3))]));
        Assert.All(advice.Tensors, t => Assert.InRange(t.SettledAfter ?? int.MaxValue, 1, 112));
        Assert.All(advice.Tensors, t => Assert.InRange(t.Uncertainty, 0, 0.02));
        Assert.Empty(advice.Outliers);
        Assert.Empty(advice.Warnings);
    }

    [Fact]
    public void Advise_OnRangesThatGrowToTheLast_SaysThatTheyDid()
    {
        // The last group, of samples 7, 15, 23 and so on, is ten times as wide.
        var advice = Advise(Statistics(128, (i, t) => [.. ThresholdMethodContractTests.Gauss(500, (i * 10) + t).Select(v => i % 8 == 7 ? 10 * v : v)]));
        Assert.All(advice.Tensors, t => Assert.Null(t.SettledAfter));
        Assert.All(advice.Tensors, t => Assert.InRange(t.Uncertainty, 0.3, 3));
        Assert.Contains(advice.Warnings, w => w.StartsWith(ErrorCodes.ThresholdUnsettled, StringComparison.Ordinal));
    }

    [Fact]
    public void Advise_OnOneSampleThatStandsOut_NamesIt()
    {
        var advice = Advise(Statistics(128, (i, t) => [.. ThresholdMethodContractTests.Gauss(500, (i * 10) + t).Select(v => i == 42 ? 5 * v : v)]));
        var outlier = Assert.Single(advice.Outliers);
        Assert.Equal((42, "sample 42", 4), (outlier.Index, outlier.Name, outlier.Tensors));
        Assert.InRange(outlier.Excess, 2, 6);
        Assert.Contains(advice.Warnings, w => w.Contains("\"sample 42\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40, ErrorCodes.SamplesFew)]
    [InlineData(600, ErrorCodes.SamplesMany)]
    public void Advise_OutsideTheUsualNumberOfSamples_SaysSo(int samples, string code)
        => Assert.Contains(Advise(Statistics(samples, (i, t) => [.. ThresholdMethodContractTests.Gauss(20, (i * 10) + t)])).Warnings, w => w.StartsWith(code, StringComparison.Ordinal));

    [Fact]
    public void Drift_OfSamplesFromTheSameSource_IsWithinChance_AndOfShiftedOnesNot()
    {
        float[] Values(int i, int t, float shift) => [.. ThresholdMethodContractTests.Gauss(500, (i * 10) + t).Select(v => v + shift)];
        var first = Statistics(128, (i, t) => Values(i, t, 0));
        Assert.All(CalibrationAdviser.Drift(first, Statistics(100, (i, t) => Values(i + 500, t, 0))), d => Assert.False(d.Differs, d.ToString()));
        Assert.All(CalibrationAdviser.Drift(first, Statistics(100, (i, t) => Values(i + 500, t, 0.8f))), d => Assert.True(d.Differs, d.ToString()));
    }

    /// <summary>Every sample has a size of its own, so that its values say the same thing many times: counts alone would call all sets unlike.</summary>
    [Fact]
    public void Drift_OfSamplesOfUnlikeSizesFromOneSource_SeldomRaisesAnAlarm()
    {
        CalibrationStatistics Draw(int seed)
        {
            var sizes = ThresholdMethodContractTests.Gauss(64, seed);
            return Statistics(64, (i, t) => [.. ThresholdMethodContractTests.Gauss(100, (seed * 1000) + (i * 10) + t).Select(v => v * MathF.Exp(sizes[i]))]);
        }

        int alarms = Enumerable.Range(0, 30).Count(k => CalibrationAdviser.Drift(Draw((2 * k) + 1), Draw((2 * k) + 2)).Any(d => d.Differs));
        Assert.True(alarms <= 1, $"{alarms} of 30");
    }

    [Fact]
    public void JensenShannon_IsZeroForEqualAndOneForApart()
    {
        var a = LogLinearHistogram.Of([1, 2, 3]);
        Assert.Equal(0, HistogramDistance.JensenShannon(a, a), 12);
        Assert.Equal(1, HistogramDistance.JensenShannon(a, LogLinearHistogram.Of([-1, -2, -3])), 12);
    }

    private static CalibrationAdvice Advise(CalibrationStatistics statistics) => CalibrationAdviser.Advise(statistics, new MaxThreshold(), QuantType.UInt8, symmetric: false);

    private static CalibrationStatistics Statistics(int samples, Func<int, int, float[]> valuesOf)
    {
        var need = new BatchExtremes();
        var all = SampleRanges.Of(0, samples);
        return new CalibrationStatistics
        {
            Origin = new StatisticsOrigin
            {
                Graph = "g",
                Weights = "w",
                Data = "d",
                Preprocess = string.Empty,
                Observation = StatisticsOrigin.FloatWeights,
                Processor = "x64",
                Runtime = "1",
                Seed = 0,
                Samples = [.. Enumerable.Range(0, samples).Select(i => $"sample {i}")],
            },
            Coverage = new[] { CalibrationStatistics.HistogramKey, need.Key }.ToImmutableSortedDictionary(k => k, _ => all, StringComparer.Ordinal),
            Types = ImmutableSortedDictionary.Create<string, (ElementType, Shape)>(StringComparer.Ordinal),
            Conflicts = ImmutableSortedDictionary.Create<string, ImmutableArray<RangeConflict>>(StringComparer.Ordinal),
            Rows = ImmutableSortedDictionary.Create<string, ObservedRows>(StringComparer.Ordinal),
            Tensors = Enumerable.Range(0, 4).ToImmutableSortedDictionary(t => $"t{t}", t => new ObservedTensor("h", Tensor(t)), StringComparer.Ordinal),
        };

        TensorStatistics Tensor(int t)
        {
            var statistics = new TensorStatistics(8);
            for (int i = 0; i < samples; i++)
            {
                float[] all = valuesOf(i, t);
                using var values = new SampleValues(i, all, new Shape([all.Length]));
                statistics.Add(values);
                statistics.Begin(need).Add(values);
            }

            return statistics;
        }
    }
}
