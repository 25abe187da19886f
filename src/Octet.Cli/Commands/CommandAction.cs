using System.CommandLine;
using System.CommandLine.Invocation;

namespace Octet.Cli.Commands;

/// <summary>Marks that a command was named without fault; <see cref="Application"/> runs it.</summary>
internal sealed class CommandAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) => throw new InvalidOperationException("Commands are run by Application.");
}
