using System.CommandLine;
using Octet.Cli.Commands;
using Octet.Cli.Terminal;

namespace Octet.Tests.Cli.Terminal;

public sealed class HelpPageTests
{
    public static TheoryData<string> Commands => [.. All(OctetCommand.Create()).Select(NameOf)];

    public static TheoryData<string> Working => [.. All(OctetCommand.Create()).OfType<ToolCommand>().Select(NameOf)];

    [Fact]
    public async Task Help_OfTheTool_IsAsItWas()
    {
        var run = (await ProcessRun.Of(OctetTool.Path, ["--help"])).Succeeded();

        Assert.Equal(TextOf(OctetCommand.Create()), run.Output);
        Snapshot.Matches("help.txt", run.Output);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_OfACommand_IsAsItWas(string name)
    {
        string text = TextOf(Named(OctetCommand.Create(), name));

        Assert.All(text.Split('\n').Where(line => !line.Contains("octet ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 100));
        Snapshot.Matches($"help-{name.Replace(' ', '-')}.txt", text);
    }

    [Theory]
    [MemberData(nameof(Working))]
    public void Examples_OfACommand_ParseWithoutError(string name)
    {
        var root = OctetCommand.Create();
        var command = (ToolCommand)Named(root, name);

        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples.Where(e => e.Line.StartsWith("octet ", StringComparison.Ordinal)), example =>
        {
            var parsed = root.Parse(example.Line["octet ".Length..].Split('|', '>')[0]);
            Assert.Same(command, parsed.CommandResult.Command);
            Octet.Cli.Usage.Check(parsed);
        });
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(c => All(c).Prepend(c));

    private static Command Named(Command root, string name) => All(root).Single(c => NameOf(c) == name);

    private static string NameOf(Command command) => command.Parents.OfType<Command>().Single() is { } parent and not RootCommand ? $"{NameOf(parent)} {command.Name}" : command.Name;

    private static string TextOf(Command command)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        HelpPage.Write(command, writer);
        return writer.ToString();
    }
}
