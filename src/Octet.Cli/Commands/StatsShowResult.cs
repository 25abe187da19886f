using Octet.Calibration.Files;
using Octet.Cli.Terminal;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet stats show</c>.</summary>
/// <param name="File">Path of the statistics, as the user gave it.</param>
/// <param name="Samples">Samples that the histograms have seen.</param>
/// <param name="SamplesInAll">Samples of the data set.</param>
/// <param name="Observation">What the weights were.</param>
/// <param name="Preprocess">The recipe; empty without one.</param>
/// <param name="Graph">Hash of the model's structure.</param>
/// <param name="Weights">Hash of the model with its weights.</param>
/// <param name="Data">Hash of the data set.</param>
/// <param name="Processor">Class of processor.</param>
/// <param name="Runtime">Version of ONNX Runtime.</param>
/// <param name="Coverage">How many samples each statistic has seen.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record StatsShowResult(
    string File,
    int Samples,
    int SamplesInAll,
    string Observation,
    string Preprocess,
    string Graph,
    string Weights,
    string Data,
    string Processor,
    string Runtime,
    IReadOnlyList<StatisticCoverage> Coverage,
    IReadOnlyList<StatsShowResult.Tensor> Tensors)
{
    private const int Bins = 64;

    /// <summary>Of a file.</summary>
    public static StatsShowResult Of(string path, CalibrationStatistics statistics, IEnumerable<KeyValuePair<string, ObservedTensor>> tensors) => new(
        path,
        statistics.SampleCount,
        statistics.Origin.Samples.Length,
        statistics.Origin.Observation,
        statistics.Origin.Preprocess,
        statistics.Origin.Graph,
        statistics.Origin.Weights,
        statistics.Origin.Data,
        statistics.Origin.Processor,
        statistics.Origin.Runtime,
        [.. statistics.Coverage.Select(c => new StatisticCoverage(c.Key, c.Value.Count))],
        [.. tensors.Select(t => t.Value.Statistics.Histogram is var h
            ? new Tensor(t.Key, h.Min, h.Max, h.Count, h.ZeroCount, [.. HistogramPlot.Linear(h, Bins).Select(b => Math.Round(b.Count, 3))])
            : null!)]);

    /// <summary>A tensor.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Min">The smallest value.</param>
    /// <param name="Max">The largest value.</param>
    /// <param name="Count">Number of values.</param>
    /// <param name="Zeros">Number of zeros.</param>
    /// <param name="Histogram">Counts in 64 bins of equal width from the smaller of 0 and the smallest value to the larger of 0 and the largest; one where all values are 0.</param>
    internal sealed record Tensor(string Name, float Min, float Max, long Count, long Zeros, IReadOnlyList<double> Histogram);
}
