using System.CommandLine;

namespace Octet.Cli.Settings;

/// <summary>What every command that works on a model lets the user say about its output.</summary>
internal sealed class CommonSettings
{
    public TextSetting Json { get; } = new("json", "FILE|-", "write the results as JSON, too; with - standard output holds nothing else");

    public ChoiceSetting Verbosity { get; } = new("verbosity", ["normal", "quiet", "detailed"], "how much is told; quiet tells errors only");

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<Option> All => [Json, Verbosity];
}
