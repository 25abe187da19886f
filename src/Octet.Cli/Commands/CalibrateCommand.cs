using System.Collections.Immutable;
using Octet.Calibration.Files;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Planning.Targets;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet calibrate</c>: gathers statistics that any threshold method can solve later.</summary>
internal sealed class CalibrateCommand : ToolCommand
{
    private const long LeastMemory = 50_000_000;

    private readonly PathArgument model = new("model", "the float ONNX model");
    private readonly TextSetting output = new("output", "FILE", "where the statistics go, a name that ends in .octs", "-o");
    private readonly DataSettings data = new("calibration samples");

    private readonly WordsSetting methods = new(
        "methods", "NAMES", $"threshold methods that will be solved later, between commas, or {CalibrationOptions.AllMethods} for every one that can be saved; by default all of one sweep");

    private readonly WordsSetting parameters = new(
        "param", "NAME=VALUE", "a parameter of the methods named that shapes what is gathered, such as num_of_bins of hfmg; may be repeated; octet threshold --list tells them");

    private readonly WordsSetting targets = new("target", "NAMES", "targets that the model will be quantized for, between commas: nothing is gathered that only others need; by default all");
    private readonly ShardSetting shard = new("shard", "only the Kth of N parts of the samples; octet stats merge puts them together");
    private readonly ChoiceSetting observe = new("observe", ["float", .. TargetCatalog.All.Select(t => t.Name)], "what the weights are while activations are observed: float, or quantized by the scheme of a target");
    private readonly TextSetting reuse = new("reuse", "FILE", "statistics that are there already: what still holds is taken from them, only the rest is gathered");
    private readonly FlagSetting allowMixed = new("allow-mixed-processors", "let --reuse take statistics from another class of processor, whose floats may differ in the last bit");
    private readonly SizeSetting memoryLimit = new("memory-limit", "memory that octet may take: tensors are observed in groups, in several sweeps, where they do not fit", LeastMemory);
    private readonly CommonSettings common = new();

    public CalibrateCommand()
        : base("calibrate", "Gathers the statistics of a model's activations, for quantize --statistics and stats.")
    {
        Add(model);
        AddAll([output, .. data.All, methods, parameters, targets, shard, observe, reuse, allowMixed, memoryLimit, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet calibrate net.onnx --data photos/ --preprocess imagenet -o stats.octs", "then: octet quantize net.onnx --statistics stats.octs --method kl -o net.int8.onnx"),
        ("octet calibrate net.onnx --data x.npy -o part3.octs --shard 3/8", "one of eight parts, on any machine of one kind; then: octet stats merge part*.octs -o stats.octs"),
        ("octet calibrate net.onnx --data x.npy -o stats.octs --methods hfmg --param num_of_bins=8192 --target generic", "one method, its parameter, one target; then: octet stats solve stats.octs --method hfmg --param num_of_bins=8192 --target generic"),
        ("octet calibrate net2.onnx --data x.npy -o stats2.octs --reuse stats.octs", "after some weights changed: what lies before them is not gathered again"),
        ("octet calibrate net.onnx --data x.npy -o stats.octs --memory-limit 500MB", "a large model on a small machine"),
    ];

    public override int Run(Invocation invocation)
    {
        var (read, options, samples) = Prepare(invocation);
        string path = invocation.Get(output)!;
        var calibrator = new Calibrator(options);
        CalibrationOutcome outcome;
        using (var progress = invocation.Progress(common))
        {
            outcome = calibrator.Run(read, samples, progress, invocation.CancellationToken);
        }

        StatisticsFile.Write(outcome.Statistics, path);
        var result = CalibrateResult.Of(invocation.Get(model)!, path, outcome);
        JsonOutput.Write(invocation.Get(common.Json), result);
        invocation.Warn(result.Warnings, common);
        Tell(invocation.Screen(common), result, outcome, [.. calibrator.Waiting.Select(n => n.Key)]);
        return 0;
    }

    private (Model Model, CalibrationOptions Options, ISampleSource Samples) Prepare(Invocation invocation)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? dataPath = invocation.Get(data.Data);
        string? reusePath = invocation.Get(reuse);
        problems.AddIf(modelPath is null, "the model is missing", "name the ONNX file to calibrate");
        problems.AddIf(dataPath is null, "--data is missing", "name the calibration samples");
        problems.AddIf(invocation.Get(allowMixed) && reusePath is null, "--allow-mixed-processors has no effect without --reuse", "leave it out");
        StatisticsOutput.Check(problems, invocation.Get(output));
        FilePaths.CheckOutput(problems, ("--output", invocation.Get(output)), modelPath, dataPath, invocation.Get(SettingsFile), invocation.Get(data.Preprocess));
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), modelPath, dataPath, reusePath, invocation.Get(output), invocation.Get(SettingsFile), invocation.Get(data.Preprocess));
        var sampleOptions = problems.Try(() => data.Options(invocation));
        var read = modelPath is null ? null : problems.Try(() => OnnxFormat.Read(modelPath));
        var specs = read is null ? null : problems.Try(() => ModelInputs.Of(read.Graph));
        var samples = specs is null || dataPath is null || sampleOptions is null ? null : problems.Try(() => SampleSources.Open(dataPath, specs, sampleOptions));
        var given = problems.Try(() => new ThresholdParameters(invocation.Get(parameters)!));
        problems.AddIf(given is { Bits: not null } or { Asymmetric: not null } or { PerChannel: not null }, "--param says bits, a scheme or channels, which are the target's", "leave them out, and name a --target");
        var options = new CalibrationOptions
        {
            Methods = [.. invocation.Get(methods)!],
            Parameters = (given?.Own ?? new Dictionary<string, double>()).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Targets = [.. invocation.Get(targets)!],
            Shard = shard.ValueOf(invocation),
            QuantizedWeights = invocation.Get(observe) is var mode and not "float" ? mode : null,
            Reuse = reusePath is null ? null : problems.Try(() => StatisticsFile.Read(reusePath)),
            AllowMixedProcessors = invocation.Get(allowMixed),
            MemoryLimit = invocation.Get(memoryLimit),
            Threads = invocation.Get(data.Threads) ?? Environment.ProcessorCount,
            Seed = invocation.Get(data.Seed) ?? 0,
        };
        if (reusePath is null || options.Reuse is not null)
        {
            problems.Try(() => new Calibrator(options));
        }

        problems.ThrowIfAny();
        return (read!, options, samples!);
    }

    private static void Tell(Screen screen, CalibrateResult result, CalibrationOutcome outcome, string[] waiting)
    {
        List<(string, string)> facts =
        [
            ("tensors", result.Reused > 0 ? Text($"{result.Tensors}, of which {result.Reused} were known and {result.Tensors - result.Reused} were observed anew{First(outcome)}") : Text($"{result.Tensors}")),
            ("gathered", string.Join(", ", result.Gathered)),
            .. waiting.Length == 0 ? (IEnumerable<(string, string)>)[] : [("waiting", Text($"{string.Join(", ", waiting)}: needs the extremes of all samples; merge the shards, then run this again with --reuse and the merged file"))],
            ("sweeps", Text($"{result.Sweeps}{(outcome.Groups > 1 ? Text($", {outcome.Groups} groups of tensors one after the other") : string.Empty)}")),
            ("observed", outcome.Statistics.Origin.Observation),
            ("memory", Text($"{Bytes(result.PeakBytes)} at most")),
            ("written", Text($"{result.Output}, {Bytes(result.Bytes)}")),
        ];
        screen.Heading(Text($"{Path.GetFileName(result.Model)}, {Of(result.Samples, "sample")} of {result.SamplesInAll}"));
        screen.Facts(facts);
        if (screen.Verbosity == Verbosity.Detailed)
        {
            screen.Table(new TextTable("Time", [new("phase"), new("seconds", true)], [.. outcome.Phases.Select(p => new[] { p.Name, Text($"{p.Seconds:0.00}") })]));
        }
    }

    private static string First(CalibrationOutcome outcome) => outcome.Observed.IsEmpty ? string.Empty : $" (first {outcome.Observed[0]})";
}
