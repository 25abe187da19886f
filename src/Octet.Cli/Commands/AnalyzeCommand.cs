using Octet.Analysis;
using Octet.Analysis.Comparison;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.Onnx;

namespace Octet.Cli.Commands;

/// <summary><c>octet analyze</c>: where quantizing a model loses accuracy, and why.</summary>
internal sealed class AnalyzeCommand : ToolCommand
{
    private readonly PathArgument model = new("model", "the float ONNX model; with --reference a quantized one");
    private readonly TextSetting reference = new("reference", "FILE", "the float model that MODEL was made from, by whatever tool: MODEL is measured as it stands, tensor by tensor, and nothing is quantized");
    private readonly DataSettings data = new("calibration samples; with --reference samples to measure on");
    private readonly QuantizerSettings quantizer = new();
    private readonly TextSetting evaluate = new("evaluate", "DATA", "samples to measure on, of the same kinds as --data; by default some of the calibration samples");
    private readonly TextSetting html = new("html", "FILE", "write a page with the errors of all layers as a bar chart");
    private readonly CommonSettings common = new();

    public AnalyzeCommand()
        : base("analyze", "Quantizes a model in memory and tells where it loses accuracy, and why.")
    {
        Add(model);
        AddAll([reference, .. data.All, .. quantizer.OfStatic, evaluate, html, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet analyze mobilenet.onnx --data photos/ --preprocess imagenet", "the worst layers first"),
        ("octet analyze net.onnx --data x.npy --evaluate other.npy --html net.html --json net.json", "measured on other samples; a page to look at, and all figures as JSON"),
        ("octet analyze net.onnx --data x.npy --target generic --method kl --verbosity detailed", "what another target or method would cost; every tensor and parameter, too"),
        ("octet analyze net.onnx --data x.npy --plan net.int8.report.json", "with the ranges that octet quantize chose for net.int8.onnx"),
        ("octet analyze net.int8.onnx --reference net.onnx --data x.npy", "a quantized model, of any tool, against its float original"),
    ];

    public override int Run(Invocation invocation) => invocation.Get(reference) is { } floats ? Compare(invocation, floats) : Analyze(invocation);

    private int Compare(Invocation invocation, string referencePath)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? dataPath = invocation.Get(data.Data);
        problems.AddIf(modelPath is null, "the model is missing", "name the quantized ONNX file to compare with its reference");
        problems.AddIf(dataPath is null, "--data is missing", "name samples to measure on");
        foreach (var option in quantizer.OfStatic.Concat([evaluate, html]).Where(invocation.IsGiven))
        {
            problems.Add($"{option.Name} has no effect with --reference, which quantizes nothing", "leave it out");
        }

        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), modelPath, referencePath, dataPath, invocation.Get(SettingsFile), invocation.Get(data.Preprocess));
        var sampleOptions = problems.Try(() => data.Options(invocation));
        var specs = problems.Try(() => ModelInputs.Of(OnnxFormat.Read(referencePath).Graph));
        if (modelPath is not null)
        {
            problems.Try(() => OnnxFormat.Read(modelPath));
        }

        var samples = dataPath is null || specs is null || sampleOptions is null ? null : problems.Try(() => SampleSources.Open(dataPath, specs, sampleOptions));
        problems.ThrowIfAny();

        ComparisonReport report;
        using (var progress = invocation.Progress(common))
        {
            report = ModelComparison.Compare(
                modelPath!, referencePath, samples!, invocation.Get(data.Threads) ?? Environment.ProcessorCount, progress.Steps("tensors", ModelComparison.Steps(samples!)), invocation.CancellationToken);
        }

        JsonOutput.Write(invocation.Get(common.Json), new CompareResult(Application.Version, modelPath!, referencePath, report));
        invocation.Warn(report.Warnings, common);
        CompareSummary.Write(invocation.Screen(common), Path.GetFileName(modelPath!), Path.GetFileName(referencePath), report);
        return 0;
    }

    private int Analyze(Invocation invocation)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? dataPath = invocation.Get(data.Data);
        string? testPath = invocation.Get(evaluate);
        string? pagePath = invocation.Get(html);
        problems.AddIf(modelPath is null, "the model is missing", "name the float ONNX file to analyze");
        problems.AddIf(dataPath is null, "--data is missing", "name the calibration samples");
        var options = quantizer.Read(invocation, data, evaluates: testPath is not null, solves: false, problems);
        string?[] inputs = [modelPath, dataPath, testPath, invocation.Get(SettingsFile), invocation.Get(data.Preprocess), quantizer.PlanOf(invocation)];
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), inputs);
        FilePaths.CheckOutput(problems, ("--html", pagePath), [.. inputs, invocation.Get(common.Json)]);
        var sampleOptions = problems.Try(() => data.Options(invocation));
        var specs = modelPath is null ? null : problems.Try(() => ModelInputs.Of(OnnxFormat.Read(modelPath).Graph));
        ISampleSource? Open(string? path, SampleOptions? with)
            => path is null || specs is null || with is null ? null : problems.Try(() => SampleSources.Open(path, specs, with));
        var calibration = Open(dataPath, sampleOptions);
        var test = Open(testPath, sampleOptions is null ? null : new SampleOptions { Preprocess = sampleOptions.Preprocess });
        problems.ThrowIfAny();

        AnalysisReport report;
        using (var progress = invocation.Progress(common))
        {
            report = new Analyzer(options).Analyze(modelPath!, calibration!, test, progress, invocation.CancellationToken);
        }

        if (pagePath is not null)
        {
            JsonOutput.WriteFile(pagePath, AnalysisPage.Of(report, Path.GetFileName(modelPath!)));
        }

        JsonOutput.Write(invocation.Get(common.Json), new AnalyzeResult(modelPath!, report));
        invocation.Warn(report.Warnings, common);
        AnalysisSummary.Write(invocation.Screen(common), Path.GetFileName(modelPath!), report, pagePath);
        return 0;
    }
}
