namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet stats merge</c>.</summary>
/// <param name="Output">Path of the merged file, as the user gave it.</param>
/// <param name="Files">How many were merged.</param>
/// <param name="Samples">Samples that the histograms have seen.</param>
/// <param name="SamplesInAll">Samples of the data set.</param>
/// <param name="Coverage">How many samples each statistic has seen.</param>
internal sealed record StatsMergeResult(string Output, int Files, int Samples, int SamplesInAll, IReadOnlyList<StatisticCoverage> Coverage);
