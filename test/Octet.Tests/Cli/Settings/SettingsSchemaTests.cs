using System.CommandLine;
using System.Text.Json.Nodes;
using Octet.Cli.Commands;
using Octet.Cli.Settings;

namespace Octet.Tests.Cli.Settings;

public sealed class SettingsSchemaTests
{
    public static TheoryData<string> Commands => [.. OctetCommand.Create().Subcommands.OfType<ToolCommand>().Where(c => c.TakesSettings).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Schema_BesideTheTool_IsThatOfTheOptions(string name)
    {
        string shipped = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(OctetTool.Path)!, "Schemas", $"{name}.schema.json"));

        Assert.Equal(SettingsSchema.Text(Named(name)), shipped);
        Assert.Equal(shipped, (await ProcessRun.Of(OctetTool.Path, ["settings", name])).Succeeded().Output);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Schema_HasEveryOptionOfTheCommand(string name)
    {
        var properties = JsonNode.Parse(SettingsSchema.Text(Named(name)))!["properties"]!.AsObject().Select(p => p.Key).ToHashSet();

        Assert.All(Named(name).Options.Where(o => o.Name != "--settings"), option => Assert.Contains(option.Name[2..], properties));
        Assert.All(Named(name).Arguments.OfType<ISetting>(), argument => Assert.Contains(argument.Key, properties));
    }

    private static Command Named(string name) => OctetCommand.Create().Subcommands.Single(c => c.Name == name);
}
