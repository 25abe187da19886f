using System.CommandLine;
using Octet.Cli.Commands;
using Octet.Cli.Terminal;

namespace Octet.Tests.Cli.Terminal;

public sealed class HelpPageTests
{
    public static TheoryData<string> Commands => [.. OctetCommand.Create().Subcommands.Select(c => c.Name)];

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
        string text = TextOf(OctetCommand.Create().Subcommands.Single(c => c.Name == name));

        Assert.All(text.Split('\n').Where(line => !line.Contains("octet ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 100));
        Snapshot.Matches($"help-{name}.txt", text);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_OfACommand_ParseWithoutError(string name)
    {
        var root = OctetCommand.Create();
        var command = (ToolCommand)root.Subcommands.Single(c => c.Name == name);

        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples.Where(e => e.Line.StartsWith("octet ", StringComparison.Ordinal)), example =>
        {
            var parsed = root.Parse(example.Line["octet ".Length..].Split('|', '>')[0]);
            Assert.Same(command, parsed.CommandResult.Command);
            Octet.Cli.Usage.Check(parsed);
        });
    }

    private static string TextOf(Command command)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        HelpPage.Write(command, writer);
        return writer.ToString();
    }
}
