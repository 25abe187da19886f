using System.CommandLine;

namespace Octet.Cli.Commands;

/// <summary><c>octet stats</c>: what is in files of statistics.</summary>
internal sealed class StatsCommand : Command
{
    public StatsCommand()
        : base("stats", "Shows, compares, merges, solves and judges files of statistics (octet calibrate makes them).")
    {
        TreatUnmatchedTokensAsErrors = false;
        foreach (var command in new ToolCommand[] { new StatsShowCommand(), new StatsDiffCommand(), new StatsMergeCommand(), new StatsSolveCommand(), new StatsAdviseCommand() })
        {
            Add(command);
        }
    }
}
