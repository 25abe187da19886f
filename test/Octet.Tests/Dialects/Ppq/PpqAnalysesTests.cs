using System.Text.Json;
using Octet.Analysis;
using Octet.Dialects.Ppq.Analyses;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>PPQ 0.6.6's analyses of its LeNet runs, from the model as it was trained to the text that it prints.</summary>
public sealed class PpqAnalysesTests(ITestOutputHelper output)
{
    private const string Errors = "ppq/error_analyse.json";
    private const string Printed = "ppq/error_analyse_printed.txt";
    private const string Statistics = "ppq/statistical_analyse_fpga_percentile.json";
    private const string Parameters = "ppq/parameter_analyse_fpga_percentile.txt";
    private const int Steps = 64;

    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach (string platform in new[] { "FPGA_INT8", "TRT_INT8", "PPL_CUDA_INT8" })
            {
                foreach (string algorithm in new[] { "minmax", "percentile", "kl" })
                {
                    runs.Add(platform, algorithm);
                }
            }

            return runs;
        }
    }

    [GoldenTheory(Errors, Printed, PpqLeNet.Digits, PpqLeNet.Model)]
    [MemberData(nameof(Runs))]
    public void Errors_OfARun_ArePpqs_AndPrintedAsPpqPrints(string platform, string algorithm)
    {
        var golden = GoldenJson.Cases(Errors, "runs").Single(r => r.Text("platform") == platform && r.Text("activation_algorithm") == algorithm);
        var graph = PpqLeNet.Quantize(platform, algorithm);
        var samples = PpqLeNet.Training(Steps);
        var graphwise = PpqAnalyses.GraphwiseErrorAnalyse(graph, samples, Steps, threads: 2);
        var layerwise = PpqAnalyses.LayerwiseErrorAnalyse(graph, samples, Steps, threads: 2);
        Same(golden, "graphwise", graphwise);
        Same(golden, "layerwise", layerwise);
        Assert.Equal(Section($"== {platform} {algorithm} graphwise_error_analyse snr"), MeasurePrinter.OfErrors(graphwise));
        Assert.Equal(Section($"== {platform} {algorithm} layerwise_error_analyse snr"), MeasurePrinter.OfErrors(layerwise));
    }

    [GoldenFact(Parameters, PpqLeNet.Digits, PpqLeNet.Model)]
    public void Parameters_ArePrintedAsPpqPrints()
        => Assert.Equal(File.ReadAllText(GoldenFile.PathOf(Parameters)), MeasurePrinter.OfParameters(PpqAnalyses.ParameterAnalyse(PpqLeNet.Quantize("FPGA_INT8", "percentile"))));

    [GoldenFact(Statistics, PpqLeNet.Digits, PpqLeNet.Model)]
    public void Statistics_OfEveryTensor_ArePpqs()
    {
        var records = PpqAnalyses.StatisticalAnalyse(PpqLeNet.Quantize("FPGA_INT8", "percentile"), PpqLeNet.Training(Steps), Steps, threads: 2);
        var golden = GoldenJson.Cases(Statistics, "records");
        Assert.Equal(golden.Length, records.Count);
        int figures = 0;
        int moved = 0;
        foreach (var expected in golden)
        {
            var actual = records.Single(r => r.Operation == expected.Text("Op name") && r.Variable == expected.Text("Variable name") && r.IsOutput == expected.Truth("Is output"));
            Assert.Equal((expected.Text("Op type"), expected.Truth("Is parameter"), expected.Truth("Is input")), (actual.OpType, actual.IsParameter, actual.IsInput));

            // PyTorch's square roots are not the nearest floats always, which shows in the noise of folded biases: it is as small as their last bits.
            Near("Noise:Signal Power Ratio", actual.NoiseRatio, actual.NoiseRatio < 1e-7 ? 1e-3 * actual.NoiseRatio : 0);
            Compare("Noise", actual.Noise);
            Compare("Quantized", actual.Quantized);
            Compare("Float", actual.Float);

            void Compare(string group, ValueDistribution distribution)
            {
                Near($"{group} Mean", distribution.Mean, distribution.Deviation * 1e-4);
                Near($"{group} Std", distribution.Deviation, 1e-7);
                Near($"{group} Skewness", distribution.Skewness, distribution.Deviation < 1e-3 ? 1e-2 : 1e-4);
                Near($"{group} Kurtosis", distribution.Kurtosis, distribution.Deviation < 1e-3 ? 1e-2 : 1e-4);
                Near($"{group} Max", distribution.Max, 3e-7);
                Near($"{group} Min", distribution.Min, 3e-7);
                double[] bins = [.. expected.GetProperty($"{group} Hist").EnumerateArray().Select(b => b.GetDouble())];
                moved += (int)bins.Zip(distribution.Histogram, (e, a) => Math.Abs(e - a)).Sum() / 2;
                Assert.Equal(bins.Sum(), distribution.Histogram.Sum());
            }

            void Near(string column, double value, double absolute = 0)
            {
                double figure = expected.GetProperty(column).GetDouble();
                Assert.True(Math.Abs(figure - value) <= Math.Max(absolute, 1e-4 * Math.Abs(figure)), $"{actual.Operation} {actual.Variable} {column}: {value} instead of {figure}");
                figures++;
            }
        }

        output.WriteLine($"{figures} figures of {golden.Length} records compared; {moved} values lie in another bin");
    }

    private static void Same(JsonElement golden, string kind, IReadOnlyDictionary<string, ErrorMeasures> errors)
    {
        Assert.Equal(golden.GetProperty($"{kind}_snr").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), errors.Keys.Order(StringComparer.Ordinal));
        foreach (var (operation, measures) in errors)
        {
            void Near(string measure, double value)
            {
                double expected = golden.GetProperty($"{kind}_{measure}").GetProperty(operation).GetDouble();
                Assert.True(Math.Abs(value - expected) <= 2e-5 * Math.Abs(expected), $"{kind} {measure} {operation}: {value} instead of {expected}");
            }

            Near("snr", measures.NoiseRatio);
            Near("mse", measures.Mse);
            Near("cosine", measures.Cosine);
        }
    }

    private static string Section(string heading)
        => string.Concat(File.ReadLines(GoldenFile.PathOf(Printed)).SkipWhile(l => l != heading).Skip(1).TakeWhile(l => !l.StartsWith("==", StringComparison.Ordinal)).Select(l => l + "\n"));
}
