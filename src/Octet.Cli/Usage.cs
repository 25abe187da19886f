using System.CommandLine;
using System.CommandLine.Parsing;
using Octet.Cli.Commands;
using Octet.Cli.Settings;

namespace Octet.Cli;

/// <summary>Tells what is wrong with the words of a command line, with the nearest right ones.</summary>
internal static class Usage
{
    /// <summary>Checks a parsed command line.</summary>
    /// <exception cref="ConfigurationException">Something in it is unknown, missing or out of range: all of it.</exception>
    public static void Check(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var problems = new Problems();
        string[] strangers = [.. parsed.UnmatchedTokens, .. PathsOf(command).Select(parsed.GetValue).OfType<string>().Where(LooksLikeOption)];
        string[] unknown = [.. strangers.Where(LooksLikeOption).Distinct()];
        foreach (string word in unknown)
        {
            problems.Try<object>(() => throw UnknownOption(command, word));
        }

        // A stray value is most often that of an option that does not exist.
        if (unknown.Length == 0)
        {
            foreach (string word in strangers)
            {
                problems.Try<object>(() => throw Stranger(command, word));
            }

            if (strangers.Length == 0 && command is not ToolCommand)
            {
                problems.Add(
                    $"{PathOf(parsed.CommandResult)} needs a command",
                    $"give one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}, or --help");
            }
        }

        foreach (var error in parsed.Errors)
        {
            if (error.SymbolResult is OptionResult or ArgumentResult)
            {
                problems.Add(MessageOf(error));
            }
        }

        problems.ThrowIfAny();
    }

    private static bool LooksLikeOption(string word) => word.StartsWith('-') && word.Length > 1;

    private static IEnumerable<PathArgument> PathsOf(Command command) => command.Arguments.OfType<PathArgument>();

    private static OctetException UnknownOption(Command command, string word)
    {
        string name = word.Split('=')[0];
        var known = command.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n.StartsWith("--", StringComparison.Ordinal));
        var nearest = NameSuggestion.Nearest(name, known).Take(1).ToArray();
        return new OctetException(
            ErrorCodes.InvalidUsage,
            $"unknown option \"{name}\" of {NameOf(command)}",
            nearest.Length > 0 ? $"did you mean {nearest[0]}?" : $"see {NameOf(command)} --help");
    }

    private static OctetException Stranger(Command command, string word)
    {
        if (command.Subcommands.Count > 0)
        {
            var nearest = NameSuggestion.Nearest(word, command.Subcommands.Select(c => c.Name)).Take(1).ToArray();
            return new OctetException(
                ErrorCodes.InvalidUsage,
                $"there is no command \"{word}\"",
                nearest.Length > 0 ? $"did you mean {nearest[0]}?" : $"there are {string.Join(", ", command.Subcommands.Select(c => c.Name))}");
        }

        return new OctetException(ErrorCodes.InvalidUsage, $"{NameOf(command)} does not know what to do with \"{word}\"", $"see {NameOf(command)} --help");
    }

    private static string MessageOf(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0, Option: ISetting setting } => $"--{setting.Key} needs a value, {setting.ValueName}",
        OptionResult { Tokens.Count: > 1, Option: ISetting setting } => $"--{setting.Key} is given {((OptionResult)error.SymbolResult).Tokens.Count} times; give it once",
        ArgumentResult { Tokens.Count: 0, Argument: WordArgument argument } => $"{argument.Name} is missing; give {argument.Allowed}",
        _ => error.Message,
    };

    private static string NameOf(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}" : "octet";

    private static string PathOf(CommandResult result) => NameOf(result.Command);
}
