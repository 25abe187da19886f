using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Exports;
using Octet.Formats.Onnx;
using Octet.Graphs;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet ppq</c>: PPQ's flow with PPQ's names, from a working directory to its files.</summary>
internal sealed class PpqCommand : ToolCommand
{
    private const string ModelName = "model.onnx";
    private const string CaffeName = "model.caffemodel";
    private const string DataName = "data";
    private const string OutputName = "quantized.onnx";

    private readonly PathArgument working = new("working", $"PPQ's working directory: {ModelName}, {DataName}/ with .npy or .bin files, and the results");
    private readonly PpqSettings settings = new();
    private readonly TextSetting data = new("data", "DATA", $"calibration data instead of WORKING/{DataName}: a folder of arrays or pictures, a list file, .npy, .npz, IDX or .bin");
    private readonly TextSetting preprocess = new("preprocess", "RECIPE", "what is done to a sample before it enters the model: a preset (imagenet, tf, caffe, raw, unit), steps, or a .json file");
    private readonly ChoiceSetting layout = new("input-layout", [.. CalibrationFolder.Layouts], "layout of the arrays in the data: channels first or last");
    private readonly NumberSetting<int> batch = new("batch-size", "samples a batch (CALIBRATION_BATCHSIZE); percentile and others look at batches", 1, 4096, "1");
    private readonly NumberSetting<int> steps = new("calib-steps", "batches of calibration, begun again where there are fewer", PpqQuantizer.LeastSteps, PpqQuantizer.MostSteps, "32");
    private readonly TextSetting export = new("export", "FORM", $"form of the files: {string.Join(", ", PpqExporter.Names)}");
    private readonly ChoiceSetting meaning = new("meaning", ["simulation", "integer"], "what a model with integers computes: what PPQ simulates, with biases as floats where the platform has them so, or integers throughout");
    private readonly TextSetting output = new("output", "FILE", $"the ONNX model instead of WORKING/{OutputName}; other files go beside it", "-o");
    private readonly NumberSetting<int> threads = new("threads", "batches that run side by side; results do not depend on it", 1, 1024, "one a processor");
    private readonly PpqReports reports = new();
    private readonly CommonSettings common = new();

    public PpqCommand()
        : base("ppq", "Quantizes as PPQ does, with PPQ's settings and files.")
    {
        Add(working);
        AddAll([.. settings.All, data, preprocess, layout, batch, steps, export, meaning, output, .. reports.All, threads, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet ppq working/ --platform FPGA_INT8 --calib-steps 256", $"{ModelName} and {DataName}/ of the directory become {OutputName} and quantized.json"),
        ("octet ppq working/ --setting ppq.json --export NXP_INT8", "PPQ's settings from a file; float weights with the ranges of activations"),
        ("octet ppq working/ --platform FPGA_INT8 --require-analyse --dump-result", "errors of all layers as PPQ prints them; tensors for hardware to be compared with"),
        ("octet ppq working/ --platform TRT_INT8 --calibration minmax --non-quantable-op /fc1/Gemm", "one operator stays float"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? folder = invocation.Get(working);
        problems.AddIf(folder is null, "the working directory is missing", $"name the folder that holds {ModelName}");
        string modelPath = Path.Combine(folder ?? string.Empty, ModelName);
        problems.AddIf(
            folder is not null && !File.Exists(modelPath) && File.Exists(Path.Combine(folder, CaffeName)), $"\"{folder}\" holds a Caffe model", $"Octet reads ONNX alone: convert it to {ModelName}");
        string dataPath = invocation.Get(data) ?? Path.Combine(folder ?? string.Empty, DataName);
        string outputPath = invocation.Get(output) ?? Path.Combine(folder ?? string.Empty, OutputName);
        ModelOutput.Check(problems, outputPath);
        string?[] inputs = [modelPath, dataPath, invocation.Get(preprocess), invocation.Get(SettingsFile), .. settings.Inputs(invocation)];
        FilePaths.CheckOutput(problems, ("--output", outputPath), inputs);
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), [.. inputs, outputPath]);
        FilePaths.CheckOutput(problems, ("--write-setting", settings.Written(invocation)), [.. inputs, outputPath, invocation.Get(common.Json)]);
        reports.Check(invocation, problems, [.. inputs, outputPath, invocation.Get(common.Json), settings.Written(invocation)]);
        var warnings = new List<string>();
        var read = problems.Try(() => new { Value = settings.Read(invocation, warnings) })?.Value;
        string form = invocation.Get(export) ?? PpqExporter.Names[0];
        if (read is { } known)
        {
            problems.Try<object>(() =>
            {
                PpqExporter.Check(form, known.Platform, known.Setting, Meaning(invocation));
                return null!;
            });
        }

        var model = folder is null ? null : problems.Try(() => OnnxFormat.Read(modelPath));
        var batches = model is null ? null : problems.Try(() => Open(invocation, model, dataPath));
        problems.ThrowIfAny();
        return Run(invocation, read!.Value.Platform, read.Value.Setting, model!, batches!, (modelPath, outputPath, form), warnings);
    }

    private int Run(
        Invocation invocation, TargetPlatform platform, QuantizationSetting setting, Model model, ISampleSource batches, (string Model, string Output, string Form) paths, List<string> warnings)
    {
        int count = invocation.Get(steps) ?? 32;
        int workers = invocation.Get(threads) ?? Environment.ProcessorCount;
        var quantizer = new PpqQuantizer(platform, setting);
        PpqGraph graph;
        IReadOnlyList<string> written;
        PpqAnalysisResult analysis;
        using (var progress = invocation.Progress(common))
        {
            graph = quantizer.Quantize(model, batches, count, workers, progress.Steps("calibration", count * quantizer.Sweeps), invocation.CancellationToken);
            analysis = reports.Run(invocation, graph, batches, Path.GetDirectoryName(paths.Model)!, workers, progress);
            written = PpqExporter.Export(graph, paths.Form, paths.Output, Meaning(invocation));
        }

        if (settings.Written(invocation) is { } file)
        {
            JsonOutput.WriteFile(file, setting.ToJson() + "\n");
        }

        var result = new PpqResult(
            Application.Version,
            paths.Model,
            platform.Name,
            setting.QuantizeActivationSetting.CalibAlgorithm ?? "percentile",
            count,
            invocation.Get(batch) ?? 1,
            paths.Form,
            invocation.Get(meaning)!,
            [.. graph.QuantizedOperations],
            PpqResult.FloatOf(graph),
            PpqResult.TensorsOf(graph),
            written,
            analysis,
            [.. warnings, .. graph.Warnings, .. PpqReports.Warnings(analysis)]);
        JsonOutput.Write(invocation.Get(common.Json), result);
        invocation.Warn(result.Warnings, common);
        Tell(invocation.Screen(common), result);
        PpqReports.Tell(invocation.Screen(common), analysis);
        return 0;
    }

    private PpqMeaning Meaning(Invocation invocation) => Enum.Parse<PpqMeaning>(invocation.Get(meaning)!, ignoreCase: true);

    private ISampleSource Open(Invocation invocation, Model model, string path)
        => CalibrationFolder.Open(path, ModelInputs.Of(model.Graph), invocation.Get(layout)!, invocation.Get(batch) ?? 1, new SampleOptions
        {
            Preprocess = invocation.Get(preprocess) is { } recipe ? Preprocess.Parse(recipe) : null,
        });

    private static void Tell(Screen screen, PpqResult result)
    {
        screen.Heading(Text($"{Path.GetFileName(result.Model)} for {result.Platform}, {result.Calibration} of {Of(result.Steps, "batch", "batches")}"));
        screen.Facts(
        [
            ("quantized", Of(result.Operations.Count, "operator")),
            .. result.FloatOperations.Select(f => ($"float: {f.Key}", f.Value)),
            .. result.Written.Select(w => ("written", w)),
            .. result.Analysis.Statistics is { } file ? (IEnumerable<(string, string)>)[("written", file)] : [],
            .. result.Analysis.Dump is { } dump ? (IEnumerable<(string, string)>)[("dumped", Text($"{Of(result.Analysis.Dumped!.Count, "tensor")} of every batch in {Path.Combine(dump, "outputs")}"))] : [],
        ]);
        screen.Table(new TextTable(
            "Where tensors are rounded",
            [new("operator"), new("tensor"), new("bits", true), new("scale")],
            [.. result.Tensors.Select(t => new[] { t.Operation, t.Variable, Text($"{t.Bits}"), t.ScaleText })]));
    }
}
