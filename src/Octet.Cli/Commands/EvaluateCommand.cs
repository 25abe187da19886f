using Octet.Analysis;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Inference;

namespace Octet.Cli.Commands;

/// <summary><c>octet evaluate</c>: a model on samples, by labels and against its float reference.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private const double EvaluatingShare = 0.9;

    private readonly PathArgument model = new("model", "the ONNX model");
    private readonly TextSetting reference = new("reference", "FILE", "the float model that it was made from: tells SQNR, agreement and latency against it");
    private readonly DataSettings data = new("evaluation samples");
    private readonly EvaluationSettings evaluation = new();
    private readonly FlagSetting allowSaturation = new("allow-saturation", "run as ONNX Runtime does by default, even where 16-bit sums may saturate (processors without VNNI)");
    private readonly CommonSettings common = new();

    public EvaluateCommand()
        : base("evaluate", "Measures a model on samples: accuracy by labels, error and latency against a reference.")
    {
        Add(model);
        AddAll([reference, .. data.All, .. evaluation.All, allowSaturation, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet evaluate net.int8.onnx --reference net.onnx --data test/labels.txt --preprocess imagenet", "a list of pictures with labels"),
        ("octet evaluate net.int8.onnx --reference net.onnx --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz", "IDX files"),
        ("octet evaluate net.onnx --data x.npy --labels y.npy --json -", "accuracy alone, as JSON"),
        ("octet evaluate net.int8.onnx --reference net.onnx --data test/labels.txt --max-drop 0.5", "exit status 1 where top-1 fell by more than half a point"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? referencePath = invocation.Get(reference);
        string? dataPath = invocation.Get(data.Data);
        string? labelsPath = invocation.Get(evaluation.Labels);
        problems.AddIf(modelPath is null, "the model is missing", "name the ONNX file to evaluate");
        problems.AddIf(dataPath is null, "--data is missing", "name the evaluation samples");
        if (referencePath is null)
        {
            evaluation.Gates.RefuseWithoutReference(invocation, problems);
        }

        var options = problems.Try(() => evaluation.Options(invocation, invocation.Get(data.Threads)));
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), modelPath, referencePath, dataPath, labelsPath, invocation.Get(SettingsFile), invocation.Get(data.Preprocess));
        var sampleOptions = problems.Try(() => data.Options(invocation) with { Labels = labelsPath });
        var specs = modelPath is null ? null : problems.Try(() => ModelInputs.Of(OnnxFormat.Read(modelPath).Graph));
        if (referencePath is not null)
        {
            problems.Try(() => OnnxFormat.Read(referencePath));
        }

        var samples = specs is null || sampleOptions is null || dataPath is null ? null : problems.Try(() => SampleSources.Open(dataPath, specs, sampleOptions));
        evaluation.Gates.RequireLabels(invocation, problems, samples);
        problems.AddIf(samples is not null && referencePath is null && !samples.HasLabels() && options?.Metric is null, "there is nothing to measure", "give labels with --labels, a float model with --reference, or a --metric");
        problems.ThrowIfAny();

        EvaluateResult result;
        using (var progress = invocation.Progress(common))
        {
            var steps = progress.Steps("evaluation", samples!.Count, 0, referencePath is null ? 1 : EvaluatingShare);
            ModelSource? source = referencePath is null ? null : ModelSource.FromFile(referencePath);
            var measured = Evaluator.Evaluate(
                modelPath!, source, samples, options! with { AllowSaturation = invocation.Get(allowSaturation) }, steps, invocation.CancellationToken);
            var latency = source is null ? null : LatencyMeter.Measure(source, modelPath!, samples, cancellationToken: invocation.CancellationToken);
            result = new EvaluateResult(Application.Version, modelPath!, referencePath, measured, latency);
        }

        JsonOutput.Write(invocation.Get(common.Json), result);
        Tell(invocation.Screen(common), result);
        evaluation.Gates.Check(invocation, result.Evaluation);
        return 0;
    }

    private static void Tell(Screen screen, EvaluateResult result)
    {
        screen.Heading($"{Path.GetFileName(result.Model)} on {Figures.Of(result.Evaluation.Samples, "sample")}{(result.Reference is { } reference ? $", against {Path.GetFileName(reference)}" : string.Empty)}");
        screen.Facts([.. EvaluationSummary.Facts(result.Evaluation, result.Latency)]);
    }
}
