using System.CommandLine;
using Octet.Cli.Settings;

namespace Octet.Cli.Commands;

/// <summary>A command of the tool: its settings, its examples, its work.</summary>
internal abstract class ToolCommand : Command
{
    protected ToolCommand(string name, string description)
        : base(name, description)
    {
        Action = new CommandAction();
        TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>Command lines that show its use, each with what it does.</summary>
    public abstract IReadOnlyList<(string Line, string Purpose)> Examples { get; }

    /// <summary>The settings file; only commands that are <see cref="TakesSettings"/> have the option.</summary>
    public TextSetting SettingsFile { get; } = new("settings", "FILE", "JSON file with options of this command; the command line wins over it");

    /// <summary>Whether the command has <see cref="SettingsFile"/>.</summary>
    public bool TakesSettings => Options.Contains(SettingsFile);

    /// <summary>Adds options, in the order of help.</summary>
    protected void AddAll(params IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <summary>Does the work.</summary>
    /// <returns>The exit status.</returns>
    /// <exception cref="OctetException">The user's input is at fault.</exception>
    /// <exception cref="ConfigurationException">The settings do not fit each other.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public abstract int Run(Invocation invocation);
}
