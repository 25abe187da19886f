using System.CommandLine;
using Octet.Cli.Commands;
using Octet.Cli.Settings;

namespace Octet.Cli.Terminal;

/// <summary>The help of a command: the same text on every terminal.</summary>
internal static class HelpPage
{
    private const int Width = 100;
    private const int TextColumn = 30;

    /// <summary>Writes it.</summary>
    public static void Write(Command command, TextWriter writer)
    {
        string name = command is RootCommand ? "octet" : FullName(command);
        Wrapped(writer, 0, command.Description ?? string.Empty);
        writer.WriteLine();
        writer.WriteLine("Usage:");
        writer.WriteLine($"  {name}{string.Concat(command.Arguments.Select(a => $" {a.Name}"))}{(command.Subcommands.Count > 0 ? " COMMAND" : string.Empty)} [options]");
        Section(writer, "Commands", command.Subcommands.Select(c => (c.Name, c.Description ?? string.Empty)));
        Section(writer, "Arguments", command.Arguments.Select(a => (a.Name, a.Description ?? string.Empty)));
        Section(writer, "Options", command.Options.OfType<ISetting>().Select(Row).Concat(command is RootCommand ? [("--version", "tell the version")] : []).Append(("-h, --help", "show this help")));
        if (command is ToolCommand { Examples: { Count: > 0 } examples })
        {
            writer.WriteLine();
            writer.WriteLine("Examples:");
            foreach (var (line, purpose) in examples)
            {
                Wrapped(writer, 2, $"# {purpose}");
                writer.WriteLine($"  {line}");
            }
        }

        if (command is RootCommand)
        {
            writer.WriteLine();
            writer.WriteLine("octet COMMAND --help tells more of a command.");
            Wrapped(writer, 0, "Exit status: 0 done, 1 a quality gate was missed, 2 usage or configuration, 3 model, 4 data, 70 a fault in octet, 130 interrupted.");
        }
    }

    private static string FullName(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{FullName(parent)} {command.Name}" : $"octet {command.Name}";

    private static (string Name, string Text) Row(ISetting setting)
    {
        string alias = string.Concat(((Option)setting).Aliases.Select(a => a + ", "));
        string text = setting.Default is { } byDefault ? $"{setting.Description} (default: {byDefault})" : setting.Description ?? string.Empty;
        return ($"{alias}--{setting.Key}{(setting.ValueName.Length > 0 ? " " + setting.ValueName : string.Empty)}", text);
    }

    private static void Section(TextWriter writer, string title, IEnumerable<(string Name, string Text)> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine($"{title}:");
        foreach (var (name, text) in all)
        {
            string head = "  " + name;
            if (head.Length >= TextColumn)
            {
                writer.WriteLine(head);
                head = string.Empty;
            }

            writer.Write(head.PadRight(TextColumn));
            Wrapped(writer, TextColumn, text, startsIndented: true);
        }
    }

    private static void Wrapped(TextWriter writer, int indent, string text, bool startsIndented = false)
    {
        string line = string.Empty;
        string margin = startsIndented ? string.Empty : new string(' ', indent);
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && indent + line.Length + 1 + word.Length > Width)
            {
                writer.WriteLine(margin + line);
                margin = new string(' ', indent);
                line = string.Empty;
            }

            line += line.Length > 0 ? " " + word : word;
        }

        writer.WriteLine(margin + line);
    }
}
