using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Dialects.Ppq;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet dumps</c>: compares tensors that hardware wrote with those of a simulation.</summary>
internal sealed class DumpsCommand : ToolCommand
{
    private readonly PathArgument reference = new("reference", "the folder outputs that octet ppq --dump-result wrote: a folder for each batch");
    private readonly TextSetting hardware = new("hardware", "DIR", "the folder that the hardware wrote, of the same form; its batches and tensors are compared");
    private readonly CommonSettings common = new();

    public DumpsCommand()
        : base("dumps", "Compares tensors that hardware wrote with those of a simulation.")
    {
        Add(reference);
        AddAll([hardware, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet dumps working/outputs --hardware board/outputs", "cosine, noise ratio and mean squared error of every tensor"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? from = invocation.Get(reference);
        string? with = invocation.Get(hardware);
        problems.AddIf(from is null, "the reference is missing", "name the folder outputs of a dump");
        problems.AddIf(with is null, "--hardware is missing", "name the folder that the hardware wrote");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), from, with, invocation.Get(SettingsFile));
        problems.ThrowIfAny();

        var result = new DumpsResult(Application.Version, from!, with!, InternalResults.Compare(from!, with!));
        JsonOutput.Write(invocation.Get(common.Json), result);
        var screen = invocation.Screen(common);
        screen.Heading($"{with} against {from}");
        screen.Table(new TextTable(
            "Tensors, the least alike first",
            [new("tensor"), new("cosine", true), new("noise/signal", true), new("MSE", true)],
            [.. result.Tensors.OrderBy(t => t.Value.Cosine).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => new[] { t.Key, Text($"{t.Value.Cosine:0.000000}"), Text($"{t.Value.NoiseRatio:0.000%}"), Text($"{t.Value.Mse:G5}") })]));
        return 0;
    }
}
