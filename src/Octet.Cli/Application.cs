using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using Octet.Cli.Commands;
using Octet.Cli.Terminal;

namespace Octet.Cli;

/// <summary>Runs a command line from its words to the exit status.</summary>
internal static class Application
{
    /// <summary>Exit status of a command that Ctrl-C ended: 128 and the signal's number, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>The version of the tool and the library.</summary>
    public static string Version
        => typeof(Application).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Runs a command.</summary>
    /// <param name="words">The words after the tool's name.</param>
    /// <returns>The exit status.</returns>
    public static int Run(string[] words)
    {
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var root = OctetCommand.Create();
        var parsed = root.Parse(words, parser);
        if (parsed.Action is HelpAction)
        {
            HelpPage.Write(parsed.CommandResult.Command, Console.Out);
            return 0;
        }

        try
        {
            if (parsed.Action is not (null or System.CommandLine.Invocation.ParseErrorAction or CommandAction))
            {
                return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            }

            if (parsed.CommandResult.Command is ToolCommand { TakesSettings: true } command && parsed.GetValue(command.SettingsFile) is { } file)
            {
                words = Settings.SettingsFile.Merge(file, parsed, words);
                parsed = root.Parse(words, parser);
            }

            Usage.Check(parsed);
            using var interrupt = new Interrupt();
            return ((ToolCommand)parsed.CommandResult.Command).Run(new Invocation(parsed, interrupt));
        }
        catch (Exception e)
        {
            return Failure.Tell(e, Console.Error);
        }
    }
}
