using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Formats.Onnx;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet inspect</c>: what is in a model.</summary>
internal sealed class InspectCommand : ToolCommand
{
    private const int NamesTold = 12;

    private readonly PathArgument model = new("model", "the ONNX model");
    private readonly FlagSetting layers = new("layers", "list every node, with the shapes that the file states");
    private readonly CommonSettings common = new();

    public InspectCommand()
        : base("inspect", "Tells what is in a model: inputs, operators, weights, quantization.")
    {
        Add(model);
        AddAll([layers, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet inspect net.onnx", "a summary"),
        ("octet inspect net.int8.onnx --layers", "every node, in running order"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? path = invocation.Get(model);
        problems.AddIf(path is null, "the model is missing", "name the ONNX file to inspect");
        FilePaths.KeepApart(problems, ("--json", invocation.Get(common.Json)), path, invocation.Get(SettingsFile));
        problems.ThrowIfAny();

        var read = OnnxFormat.Read(path!);
        var result = InspectResult.Of(path!, read);
        JsonOutput.Write(invocation.Get(common.Json), result);
        var screen = invocation.Screen(common);
        Tell(screen, result);
        if (invocation.Get(layers) || screen.Verbosity == Verbosity.Detailed)
        {
            screen.Table(new TextTable(
                "Layers",
                [new("name"), new("operator"), new("output"), new("weights"), new("values", true)],
                [.. result.Layers.Select(l => new[] { l.Name, l.OpType, l.Output ?? "-", l.Weights ?? "-", l.Parameters == 0 ? "-" : Count(l.Parameters) })]));
        }

        return 0;
    }

    private static void Tell(Screen screen, InspectResult result)
    {
        screen.Heading(Path.GetFileName(result.Model));
        screen.Facts(
        [
            ("size", Bytes(result.Bytes)),
            ("opsets", string.Join(", ", result.Opsets.Select(o => Text($"{(o.Key.Length == 0 ? "ai.onnx" : o.Key)} {o.Value}")))),
            .. result.Inputs.Select((v, i) => (i == 0 ? "inputs" : string.Empty, v.ToString())),
            .. result.Outputs.Select((v, i) => (i == 0 ? "outputs" : string.Empty, v.ToString())),
            ("operators", Operators(result)),
            ("constants", Text($"{Count(result.ConstantValues)} values, {Bytes(result.ConstantBytes)}")),
            .. result.Quantization.Facts,
        ]);
    }

    private static string Operators(InspectResult result)
    {
        string list = string.Join(", ", result.Operators.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Take(NamesTold).Select(o => Text($"{o.Value} {o.Key}")));
        return Text($"{Of(result.Operators.Values.Sum(), "node")}: {list}{(result.Operators.Count > NamesTold ? ", …" : string.Empty)}");
    }
}
