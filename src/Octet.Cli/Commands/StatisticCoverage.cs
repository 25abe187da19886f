namespace Octet.Cli.Commands;

/// <summary>How many samples a statistic has seen.</summary>
/// <param name="Key">The statistic.</param>
/// <param name="Samples">The number.</param>
internal sealed record StatisticCoverage(string Key, int Samples);
