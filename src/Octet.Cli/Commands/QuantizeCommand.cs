using Octet.Calibration.Files;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.C;
using Octet.Formats.Onnx;

namespace Octet.Cli.Commands;

/// <summary><c>octet quantize</c>: a float model becomes an integer one.</summary>
internal sealed class QuantizeCommand : ToolCommand
{
    private readonly PathArgument model = new("model", "the float ONNX model");
    private readonly TextSetting output = new("output", "FILE", "where the integer model goes, a name that ends in .onnx; with --format c a folder", "-o");
    private readonly ChoiceSetting format = new("format", ["onnx", "c"], "what is written; c: a folder with C99 that computes with integers alone, its test, and the ONNX model of the same integers");
    private readonly ChoiceSetting arithmetic = ArithmeticSetting.Create("with --format c shift-half-even where all scales are powers of two, else multiplier");
    private readonly ChoiceSetting loops = new("loops", ["plain", "fast"], "how C is written; plain: nests of loops that need least memory; fast: loops that compilers turn into vector instructions; both give the same integers");
    private readonly DataSettings data = new("calibration samples");
    private readonly TextSetting statistics = new("statistics", "FILE", "statistics of the model from octet calibrate, in place of --data: ranges are solved without running it; means --effort fast");
    private readonly QuantizerSettings quantizer = new();
    private readonly TextSetting evaluate = new("evaluate", "DATA", "evaluation samples, of the same kinds as --data: tells accuracy, SQNR and latency before and after");
    private readonly EvaluationSettings evaluation = new();
    private readonly CommonSettings common = new("where the JSON of all results goes; by default beside the model, as NAME.report.json; with - standard output holds nothing else");

    public QuantizeCommand()
        : base("quantize", "Makes an int8 model of a float one.")
    {
        Add(model);
        AddAll([output, format, arithmetic, loops, .. data.All, statistics, .. quantizer.All, evaluate, .. evaluation.All, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet quantize mobilenet.onnx --data photos/ --preprocess imagenet -o mobilenet.int8.onnx", "a network for photographs, calibrated with a folder of some"),
        ("octet quantize mobilenet.onnx --data photos/ --preprocess imagenet -o mobilenet.int8.onnx --evaluate test/labels.txt", "the same, telling accuracy and latency before and after"),
        ("octet quantize net.onnx --data ids=ids.npy,mask=mask.npy -o net.int8.onnx", "two inputs, each from an array whose rows are the samples"),
        ("octet quantize bert.onnx --mode dynamic -o bert.int8.onnx", "a transformer, without calibration data"),
        ("octet quantize net.onnx --statistics stats.octs --method kl -o net.int8.onnx", "another method, in a second: the statistics are from octet calibrate"),
        ("octet quantize net.onnx --data x.npy -o net.int8.onnx --method percentile --param percentile=99.9", "a method's own parameter; octet threshold --list tells them all"),
        ("octet quantize net.onnx --data x.npy -o net.int8.onnx --layer \"conv1: method=max factor=0.95\" --layer \"Gemm: float\"", "single layers otherwise than all the others"),
        ("octet quantize net.onnx --data x.npy -o net.int8.onnx --effort high", "the longest search; Ctrl-C ends it with the best so far, a second one with nothing"),
        ("octet quantize lenet.onnx --data x.npy --target fpga-int8 --format c -o lenet_c/", "C for a chip without floats: shifts alone; make -C lenet_c test tries it"),
        ("octet quantize net.onnx --settings net.json --effort fast", "options from a file, one of them overruled"),
    ];

    public override int Run(Invocation invocation)
    {
        var (run, report) = Prepare(invocation);
        QuantizeResult result;
        using (var progress = invocation.Progress(common))
        {
            result = run.Run(progress, invocation.CancellationToken);
        }

        JsonOutput.Write(report, result);
        invocation.Warn(result.Quantization.Warnings, common);
        QuantizeSummary.Write(invocation.Screen(common), result, report, invocation.Get(statistics));
        return 0;
    }

    // Everything that can be found wrong without long work is found here, and told at once.
    private (QuantizeRun Run, string Report) Prepare(Invocation invocation)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? outputPath = invocation.Get(output);
        string? dataPath = invocation.Get(data.Data);
        string? statisticsPath = invocation.Get(statistics);
        string? testPath = invocation.Get(evaluate);
        string? labelsPath = invocation.Get(evaluation.Labels);
        problems.AddIf(modelPath is null, "the model is missing", "name the ONNX file to quantize");
        bool writesC = invocation.Get(format) == "c";
        var chosen = ArithmeticSetting.Of(invocation.Get(arithmetic)!);
        if (writesC)
        {
            problems.AddIf(outputPath is null, "--output is missing", "say which folder the C goes to with -o FOLDER");
            problems.AddIf(File.Exists(outputPath), $"--output \"{outputPath}\" is a file, and C goes to a folder", "choose another name");
        }
        else
        {
            ModelOutput.Check(problems, outputPath);
            problems.AddIf(invocation.IsGiven(loops), "--loops has no effect without --format c", "leave it out");
            problems.AddIf(chosen is not null, "--arithmetic has no effect without --format c: the ONNX file leaves it to what runs it", "leave it out");
        }

        if (testPath is null)
        {
            evaluation.RefuseWithout(invocation, problems, evaluate);
        }

        var options = quantizer.Read(invocation, data, testPath is not null, statisticsPath is not null, problems);
        var evaluationOptions = problems.Try(() => evaluation.Options(invocation, options.Threads));
        problems.AddIf(options.Mode == QuantizationMode.Static && dataPath is null && statisticsPath is null, "--data is missing", "static quantization needs calibration samples, or --statistics of them; --mode dynamic and --mode weights need none");
        problems.AddIf(writesC && dataPath is null, "--format c needs --data", "give calibration samples: the test vectors are made of the first of them");
        problems.AddIf(writesC && options.Form == OutputForm.QOperator, "--form qoperator has no effect with --format c", "leave it out");
        string modelOutput = writesC && modelPath is not null && outputPath is not null ? Path.Combine(outputPath, $"{CName.Of(Path.GetFileNameWithoutExtension(modelPath))}.onnx") : outputPath ?? string.Empty;
        string report = invocation.Get(common.Json) ?? Path.ChangeExtension(modelOutput, ".report.json");
        string?[] inputs = [modelPath, dataPath, statisticsPath, testPath, labelsPath, invocation.Get(SettingsFile), invocation.Get(data.Preprocess), quantizer.PlanOf(invocation)];
        if (!writesC)
        {
            FilePaths.CheckOutput(problems, ("--output", outputPath), inputs);
        }

        if (!writesC || invocation.Get(common.Json) is not null)
        {
            FilePaths.CheckOutput(problems, ("--json", report), [.. inputs, outputPath]);
        }


        var sampleOptions = problems.Try(() => data.Options(invocation));
        var read = modelPath is null ? null : problems.Try(() => OnnxFormat.Read(modelPath));
        var specs = read is null || (dataPath ?? testPath) is null ? null : problems.Try(() => ModelInputs.Of(read.Graph));
        ISampleSource? calibration = null;
        ISampleSource? test = null;
        if (specs is not null && sampleOptions is not null)
        {
            calibration = dataPath is null ? null : problems.Try(() => SampleSources.Open(dataPath, specs, sampleOptions));
            test = testPath is null ? null : problems.Try(() => SampleSources.Open(testPath, specs, new SampleOptions { Preprocess = sampleOptions.Preprocess, Labels = labelsPath }));
        }

        var saved = statisticsPath is null ? null : problems.Try(() => StatisticsFile.Read(statisticsPath));
        evaluation.Gates.RequireLabels(invocation, problems, test);
        problems.ThrowIfAny();
        var run = new QuantizeRun
        {
            Model = modelPath!,
            Float = read!,
            Output = modelOutput,
            C = writesC ? outputPath : null,
            Arithmetic = chosen,
            Loops = Enum.Parse<CLoops>(invocation.Get(loops)!, ignoreCase: true),
            Calibration = calibration,
            Statistics = saved,
            Test = test,
            Options = options with { SearchStop = invocation.SearchStop, IntegerOutputs = options.IntegerOutputs || writesC },
            Evaluation = evaluationOptions,
            Gate = measured => evaluation.Gates.Check(invocation, measured),
        };
        return (run, report);
    }
}
