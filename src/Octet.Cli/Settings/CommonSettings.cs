using System.CommandLine;
using Octet.Cli.Terminal;

namespace Octet.Cli.Settings;

/// <summary>What every command that works on a model lets the user say about what it tells.</summary>
internal sealed class CommonSettings(string jsonDescription = "write the results as JSON, too; with - standard output holds nothing else")
{
    private readonly ChoiceSetting verbosity = new("verbosity", ["normal", "quiet", "detailed"], "how much is told; quiet tells errors only");

    public TextSetting Json { get; } = new("json", "FILE|-", jsonDescription);

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<Option> All => [Json, verbosity];

    /// <summary>How much is told.</summary>
    public Verbosity VerbosityOf(Invocation invocation) => Enum.Parse<Verbosity>(invocation.Get(verbosity)!, ignoreCase: true);
}
