using System.CommandLine;
using Octet.Cli.Settings;

namespace Octet.Cli;

/// <summary>One run of a command: its values, where it writes, and what ends it.</summary>
internal sealed class Invocation(ParseResult parsed, CancellationToken cancellationToken)
{
    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The value of an option, given or by default.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The value of an argument; null where it was not given.</summary>
    public string? Get(PathArgument argument) => parsed.GetValue(argument);

    /// <summary>Whether the user said it, on the command line or in the settings file.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
}
