using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Data.Arrays;
using Octet.Formats.Onnx;

namespace Octet.Cli.Commands;

/// <summary><c>octet run</c>: the outputs of a model on samples.</summary>
internal sealed class RunCommand : ToolCommand
{
    private readonly PathArgument model = new("model", "the ONNX model, float or quantized in any form");
    private readonly TextSetting output = new("output", "FILE", "where the outputs go, in the order of the samples: a name that ends in .npy, or in .npz for several outputs", "-o");
    private readonly DataSettings data = new("samples");
    private readonly ChoiceSetting engine = new("engine", ["integer", "onnxruntime"], "what runs the model: the integers that generated C computes too, bit for bit, or ONNX Runtime with its exact kernels");
    private readonly ChoiceSetting arithmetic = ArithmeticSetting.Create("shift-half-even where all scales are powers of two, else float-scale, which is ONNX Runtime's");
    private readonly CommonSettings common = new();

    public RunCommand()
        : base("run", "Runs a model on samples and saves its outputs.")
    {
        Add(model);
        AddAll([output, .. data.All, engine, arithmetic, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet run net.int8.onnx --data x.npy -o y.npy", "with integers, as a chip would"),
        ("octet run net.int8.onnx --data x.npy -o y.npy --engine onnxruntime", "with ONNX Runtime, to compare"),
        ("octet run detector.onnx --data photos/ --preprocess imagenet -o outputs.npz", "several outputs"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? outputPath = invocation.Get(output);
        string? dataPath = invocation.Get(data.Data);
        problems.AddIf(modelPath is null, "the model is missing", "name the ONNX file to run");
        problems.AddIf(dataPath is null, "--data is missing", "name the samples");
        problems.AddIf(outputPath is null, "--output is missing", "say where the outputs go with -o FILE");
        bool isArchive = outputPath?.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) is true;
        problems.AddIf(outputPath is not null && !isArchive && !outputPath.EndsWith(".npy", StringComparison.OrdinalIgnoreCase), $"--output \"{outputPath}\" ends neither in .npy nor in .npz", "NumPy's formats are what is written");
        string?[] inputs = [modelPath, dataPath, invocation.Get(SettingsFile), invocation.Get(data.Preprocess)];
        FilePaths.CheckOutput(problems, ("--output", outputPath), inputs);
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), [.. inputs, outputPath]);
        var sampleOptions = problems.Try(() => data.Options(invocation));
        var read = modelPath is null ? null : problems.Try(() => OnnxFormat.Read(modelPath));
        problems.AddIf(read?.Graph.Outputs.Count > 1 && outputPath is not null && !isArchive, $"the model has {read?.Graph.Outputs.Count} outputs, and a .npy file holds one", "choose a name that ends in .npz");
        var specs = read is null ? null : problems.Try(() => ModelInputs.Of(read.Graph));
        var samples = specs is null || sampleOptions is null || dataPath is null ? null : problems.Try(() => SampleSources.Open(dataPath, specs, sampleOptions));
        bool isInteger = invocation.Get(engine) == "integer";
        var chosen = ArithmeticSetting.Of(invocation.Get(arithmetic)!);
        problems.AddIf(!isInteger && chosen is not null, "--arithmetic says nothing to ONNX Runtime", "leave it out, or take --engine integer");
        problems.ThrowIfAny();

        ModelRunResult result;
        using (var progress = invocation.Progress(common))
        {
            var options = new ModelRunOptions { Engine = isInteger ? Engine.Integer : Engine.OnnxRuntime, Arithmetic = chosen, Threads = invocation.Get(data.Threads) ?? Environment.ProcessorCount };
            result = ModelRunner.Run(modelPath!, samples!, options, progress.Steps("running", samples!.Count), invocation.CancellationToken);
        }

        using (var files = new Formats.OutputFiles())
        {
            files.Write(Path.GetFullPath(outputPath!), stream =>
            {
                if (isArchive)
                {
                    NpyWriter.WriteArchive(stream, result.Outputs);
                }
                else
                {
                    NpyWriter.Write(stream, result.Outputs[0].Value);
                }
            });
            files.Commit();
        }

        var told = new RunCommandResult(
            Application.Version, modelPath!, outputPath!, result.Samples, invocation.Get(engine)!, result.Arithmetic, result.Outputs.ToDictionary(o => o.Key, o => (IReadOnlyList<long>)o.Value.Shape.Dimensions, StringComparer.Ordinal), result.Milliseconds, result.FloatLayers);
        JsonOutput.Write(invocation.Get(common.Json), told);
        Tell(invocation.Screen(common), told);
        return 0;
    }

    private static void Tell(Screen screen, RunCommandResult result)
    {
        screen.Heading($"{Path.GetFileName(result.Model)} on {Figures.Of(result.Samples, "sample")}");
        screen.Facts(
        [
            ("engine", result.Arithmetic is { } arithmetic ? $"{result.Engine}, {arithmetic}" : result.Engine),
            .. result.FloatLayers.Select(l => ($"float: {l.Key}", l.Value)),
            .. result.Outputs.Select(o => (o.Key, $"[{string.Join(',', o.Value)}]")),
            ("time a sample", Figures.Milliseconds(result.Milliseconds)),
            ("written", result.Output),
        ]);
    }
}
