using System.CommandLine;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;

namespace Octet.Cli;

/// <summary>One run of a command: its values, where it writes, and what ends it.</summary>
internal sealed class Invocation(ParseResult parsed, Interrupt interrupt)
{
    /// <summary>How this tool is called from a shell: by its name where the shell finds it, else by its path.</summary>
    public static string ToolName
    {
        get
        {
            const string Name = "octet";
            string path = Environment.ProcessPath ?? Name;
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
            return Path.GetFileNameWithoutExtension(path) == Name && folders.Contains(Path.GetDirectoryName(path)) ? Name : path;
        }
    }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken CancellationToken => interrupt.Token;

    /// <summary>Ends a search at the first Ctrl-C; of a command that gives it to a quantizer.</summary>
    public SearchStop SearchStop => interrupt.SearchStop;

    /// <summary>The value of an option, given or by default.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The value of an argument; null where it was not given.</summary>
    public string? Get(PathArgument argument) => parsed.GetValue(argument);

    /// <summary>The value of an argument that must be there.</summary>
    public string Get(WordArgument argument) => parsed.GetRequiredValue(argument);

    /// <summary>The values of an argument that may have several.</summary>
    public string[] Get(PathsArgument argument) => parsed.GetValue(argument) ?? [];

    /// <summary>Whether the user said it, on the command line or in the settings file.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Where results for people go.</summary>
    public Screen Screen(CommonSettings common) => Get(common.Json) == JsonOutput.Standard
        ? new Screen(Console.Error, OutputTraits.Error, common.VerbosityOf(this))
        : new Screen(Console.Out, OutputTraits.Output, common.VerbosityOf(this));

    /// <summary>Tells what is worth knowing, on standard error.</summary>
    public void Warn(IEnumerable<string> warnings, CommonSettings common)
    {
        foreach (string warning in warnings.Where(_ => common.VerbosityOf(this) != Verbosity.Quiet))
        {
            Console.Error.WriteLine($"warning {warning}");
        }
    }

    /// <summary>Shows progress until it is disposed.</summary>
    public ProgressLine Progress(CommonSettings common)
        => new(common.VerbosityOf(this) == Verbosity.Quiet ? TextWriter.Null : Console.Error, OutputTraits.Error.IsTerminal);
}
