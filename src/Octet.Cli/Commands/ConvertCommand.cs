using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Formats.Onnx;
using Octet.Rewrites;

namespace Octet.Cli.Commands;

/// <summary><c>octet convert</c>: reads a model and writes it, simplified where that is asked for.</summary>
internal sealed class ConvertCommand : ToolCommand
{
    private readonly PathArgument model = new("model", "the ONNX model to read");
    private readonly TextSetting output = new("output", "FILE", "the ONNX model to write, a name that ends in .onnx", "-o");
    private readonly FlagSetting simplify = new("simplify", "fold batch normalizations and constants, drop what does nothing: outputs stay the same but for rounding");
    private readonly FlagSetting unroll = new("unroll", "write GRU and LSTM over a fixed number of steps out as products, sums, Sigmoid and Tanh, so that quantize can make integers of them, and simplify; the model grows, since every step has weights of its own");
    private readonly ChoiceSetting externalData = new("external-data", ["when-needed", "always", "never"], "where large weights go: into FILE.data beside the model, or into the model; when-needed: beside it above 2 GB");
    private readonly CommonSettings common = new();

    public ConvertCommand()
        : base("convert", "Reads a model and writes it again, simplified if asked.")
    {
        Add(model);
        AddAll([output, simplify, unroll, externalData, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet convert net.onnx --simplify -o net.simple.onnx", "batch normalizations and constants folded"),
        ("octet convert speech.onnx --unroll -o speech.steps.onnx", "recurrent layers that octet quantize --mode static can make integers of"),
        ("octet convert net.onnx --external-data always -o split/net.onnx", "weights in a file of their own"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? input = invocation.Get(model);
        string? target = invocation.Get(output);
        problems.AddIf(input is null, "the model is missing", "name the ONNX file to read");
        ModelOutput.Check(problems, target);
        FilePaths.CheckOutput(problems, ("--output", target), input, invocation.Get(SettingsFile));
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), input, target, invocation.Get(SettingsFile));
        problems.ThrowIfAny();

        ConvertResult result;
        using (var progress = invocation.Progress(common))
        {
            progress.Report(new QuantizationProgress("converting", 0, 1, 0));
            var read = OnnxFormat.Read(input!);
            int before = read.Graph.NodeCount;
            var changes = invocation.Get(unroll) ? RewritePipeline.SimplifyAndUnroll.Run(read, invocation.CancellationToken)
                : invocation.Get(simplify) ? RewritePipeline.Simplify.Run(read, invocation.CancellationToken)
                : new SortedDictionary<string, int>();
            if (invocation.Get(unroll))
            {
                CheckUnrolled(read, changes);
            }

            invocation.CancellationToken.ThrowIfCancellationRequested();
            var external = Enum.Parse<ExternalDataMode>(invocation.Get(externalData)!.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);
            OnnxFormat.Write(read, target!, new OnnxWriteOptions { ExternalData = external });
            result = new ConvertResult(Application.Version, input!, target!, before, read.Graph.NodeCount, changes);
        }

        JsonOutput.Write(invocation.Get(common.Json), result);
        Tell(invocation.Screen(common), result);
        return 0;
    }

    // Who asks for it and gets less would believe that all can be quantized.
    private static void CheckUnrolled(Graphs.Model model, IReadOnlyDictionary<string, int> changes)
    {
        var context = new RewriteContext(model);
        string[] left = [.. UnrollRecurrence.Recurrent(model.Graph).Select(n => $"\"{n.DisplayName}\" ({n.OpType}): {UnrollRecurrence.WhyNot(n, context)}")];
        if (left.Length > 0 || !changes.ContainsKey("unroll-recurrence"))
        {
            throw new OctetException(
                ErrorCodes.RecurrenceLeft, left.Length > 0 ? $"recurrent layers cannot be written out: {string.Join("; ", left)}" : "the model has no recurrent layer to write out", "convert it without --unroll");
        }
    }

    private static void Tell(Screen screen, ConvertResult result)
    {
        screen.Heading(Path.GetFileName(result.Model));
        screen.Facts(
        [
            ("nodes", Figures.Text($"{result.NodesBefore} -> {result.Nodes}")),
            .. result.Rewrites.Select(r => (r.Key, Figures.Of(r.Value, "change"))),
            ("written", result.Output),
        ]);
    }
}
