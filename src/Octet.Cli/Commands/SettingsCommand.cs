using Octet.Cli.Settings;

namespace Octet.Cli.Commands;

/// <summary><c>octet settings</c>: the JSON schema of the settings file of a command.</summary>
internal sealed class SettingsCommand : ToolCommand
{
    private readonly WordArgument command = new("command", ["quantize", "calibrate", "evaluate", "analyze", "inspect", "threshold", "run", "ppq", "dumps", "convert"], "the command");

    public SettingsCommand()
        : base("settings", "Prints the JSON schema of the file that --settings takes, for editors and checks.")
    {
        Add(command);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples => [("octet settings quantize > quantize.schema.json", "name it in a settings file as \"$schema\", and an editor knows every option")];

    public override int Run(Invocation invocation)
    {
        string name = invocation.Get(command);
        Console.Out.Write(SettingsSchema.Text(Parents.OfType<System.CommandLine.Command>().SelectMany(p => p.Subcommands).OfType<ToolCommand>().First(c => c.Name == name)));
        return 0;
    }
}
