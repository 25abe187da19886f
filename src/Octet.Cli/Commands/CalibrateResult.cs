using System.Diagnostics;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet calibrate</c>.</summary>
/// <param name="Model">Path of the model, as the user gave it.</param>
/// <param name="Output">Path of the statistics, as the user gave it.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Samples">Samples that the histograms have seen.</param>
/// <param name="SamplesInAll">Samples of the data set.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Reused">How many of them were known already.</param>
/// <param name="Sweeps">How many times the samples were run.</param>
/// <param name="PeakBytes">The most memory that the process took.</param>
/// <param name="Gathered">What the file holds of each tensor: keys of statistics.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record CalibrateResult(
    string Model, string Output, long Bytes, int Samples, int SamplesInAll, int Tensors, int Reused, int Sweeps, long PeakBytes, IReadOnlyList<string> Gathered, IReadOnlyList<string> Warnings)
{
    /// <summary>Of what was gathered and written.</summary>
    public static CalibrateResult Of(string model, string output, CalibrationOutcome outcome)
    {
        var statistics = outcome.Statistics;
        using var process = Process.GetCurrentProcess();
        return new CalibrateResult(
            model,
            output,
            new FileInfo(output).Length,
            statistics.SampleCount,
            statistics.Origin.Samples.Length,
            statistics.Tensors.Count,
            outcome.Reused.Length,
            outcome.Sweeps,
            process.PeakWorkingSet64,
            [.. statistics.Coverage.Keys],
            outcome.Warnings);
    }
}
