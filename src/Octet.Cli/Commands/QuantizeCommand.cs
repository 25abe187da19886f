using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.Onnx;

namespace Octet.Cli.Commands;

/// <summary><c>octet quantize</c>: a float model becomes an integer one.</summary>
internal sealed class QuantizeCommand : ToolCommand
{
    private readonly PathArgument model = new("model", "the float ONNX model");
    private readonly TextSetting output = new("output", "FILE", "where the integer model goes, a name that ends in .onnx", "-o");
    private readonly DataSettings data = new("calibration samples");
    private readonly QuantizerSettings quantizer = new();
    private readonly CommonSettings common = new();

    public QuantizeCommand()
        : base("quantize", "Makes an int8 model of a float one.")
    {
        Add(model);
        foreach (var option in (System.CommandLine.Option[])[output, .. data.All, .. quantizer.All, .. common.All, SettingsFile])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet quantize mobilenet.onnx --data photos/ --preprocess imagenet -o mobilenet.int8.onnx", "a network for photographs, calibrated with a folder of some"),
        ("octet quantize bert.onnx --mode dynamic -o bert.int8.onnx", "a transformer, without calibration data"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? modelPath = invocation.Get(model);
        string? outputPath = invocation.Get(output);
        string? dataPath = invocation.Get(data.Data);
        problems.AddIf(modelPath is null, "the model is missing", "name the ONNX file to quantize");
        problems.AddIf(outputPath is null, "--output is missing", "say where the integer model goes with -o FILE");
        problems.AddIf(outputPath is not null && !outputPath.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase), $"--output \"{outputPath}\" does not end in .onnx", "ONNX is the format that is written");
        var options = quantizer.Read(invocation, data, problems);
        var sampleOptions = problems.Try(() => data.Options(invocation));
        problems.AddIf(options.Mode == QuantizationMode.Static && dataPath is null, "--data is missing", "static quantization needs calibration samples; --mode dynamic and --mode weights need none");
        FilePaths.KeepApart(problems, ("--output", outputPath), modelPath, dataPath, invocation.Get(SettingsFile));
        FilePaths.KeepApart(problems, ("--json", invocation.Get(common.Json)), modelPath, dataPath, invocation.Get(SettingsFile), outputPath);
        problems.ThrowIfAny();

        var inputs = ModelInputs.Of(OnnxFormat.Read(modelPath!).Graph);
        var samples = dataPath is null ? null : SampleSources.Open(dataPath, inputs, sampleOptions!);
        QuantizedModel result;
        using (var progress = new ProgressLine(Console.Error, moves: !Console.IsErrorRedirected))
        {
            result = new Quantizer(options).Quantize(modelPath!, samples, progress, invocation.CancellationToken);
            invocation.CancellationToken.ThrowIfCancellationRequested();
            OnnxFormat.Write(result.Model, outputPath!);
        }

        Console.Out.WriteLine($"{outputPath}");
        return 0;
    }
}
