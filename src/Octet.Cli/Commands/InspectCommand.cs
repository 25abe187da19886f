using System.Globalization;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Formats.Onnx;
using Octet.Graphs;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet inspect</c>: what is in a model.</summary>
internal sealed class InspectCommand : ToolCommand
{
    private const int NamesTold = 12;

    private readonly PathArgument model = new("model", "the ONNX model");
    private readonly FlagSetting layers = new("layers", "list the nodes, with the shapes that the file states");
    private readonly FlagSetting print = new("print", "print the graph, a line a node, instead of the summary");
    private readonly TextSetting dot = new("dot", "FILE", "write the graph as a drawing for Graphviz: dot -Tsvg FILE -o net.svg");
    private readonly CommonSettings common = new();

    public InspectCommand()
        : base("inspect", "Tells what is in a model: inputs, operators, weights, quantization.")
    {
        Add(model);
        AddAll([layers, print, dot, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet inspect net.onnx", "a summary"),
        ("octet inspect net.int8.onnx --layers", "the nodes, in running order"),
        ("octet inspect net.onnx --dot net.dot", "a drawing; then: dot -Tsvg net.dot -o net.svg"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? path = invocation.Get(model);
        problems.AddIf(path is null, "the model is missing", "name the ONNX file to inspect");
        string? drawing = invocation.Get(dot);
        string? json = invocation.Get(common.Json);
        FilePaths.CheckOutput(problems, ("--json", json), path, invocation.Get(SettingsFile), drawing);
        FilePaths.CheckOutput(problems, ("--dot", drawing), path, invocation.Get(SettingsFile));
        problems.AddIf(invocation.Get(print) && json == JsonOutput.Standard, "--print and --json - both want standard output", "give --json a file");
        problems.AddIf(invocation.Get(print) && invocation.Get(layers), "--print lists every node already", "leave --layers out");
        problems.ThrowIfAny();

        var read = OnnxFormat.Read(path!);
        if (drawing is not null)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            GraphDot.Write(read, text);
            JsonOutput.WriteFile(drawing, text.ToString());
        }

        var result = InspectResult.Of(path!, read);
        JsonOutput.Write(json, result);
        if (invocation.Get(print))
        {
            GraphPrinter.Print(read, Console.Out);
        }
        else
        {
            Tell(invocation.Screen(common), result, invocation.Get(layers));
        }

        return 0;
    }

    private static void Tell(Screen screen, InspectResult result, bool layers)
    {
        Tell(screen, result);
        if (layers || screen.Verbosity == Verbosity.Detailed)
        {
            screen.Table(new TextTable(
                "Layers",
                [new("name"), new("operator"), new("output"), new("weights"), new("values", true)],
                [.. result.Layers.Select(l => new[] { l.Name, l.OpType, l.Output ?? "-", l.Weights ?? "-", l.Parameters == 0 ? "-" : Count(l.Parameters) })]));
        }
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
