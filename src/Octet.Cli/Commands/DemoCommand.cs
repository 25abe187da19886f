using System.IO.Compression;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.Onnx;

namespace Octet.Cli.Commands;

/// <summary><c>octet demo</c>: the main job on the embedded sample, a small network that tells ten shapes apart.</summary>
internal sealed class DemoCommand : ToolCommand
{
    private const string Preprocess = "rgb,scale=1/255,mean=.42:.40:.38,std=.25:.22:.20";

    private readonly CommonSettings common = new();

    public DemoCommand()
        : base("demo", "Quantizes and evaluates an embedded sample network in a temporary folder.")
    {
        AddAll(common.All);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples => [("octet demo", "see the main job done, in some seconds"), ("octet demo --json -", "the same results as JSON")];

    public override int Run(Invocation invocation)
    {
        string folder = Directory.CreateTempSubdirectory("octet-demo-").FullName;
        string model = Path.Combine(folder, "shapes.onnx");
        string quantized = Path.Combine(folder, "shapes.int8.onnx");
        string calibration = Path.Combine(folder, "calibration");
        string test = Path.Combine(folder, "test-labels.txt");
        Unpack(folder, model);

        var read = OnnxFormat.Read(model);
        var inputs = ModelInputs.Of(read.Graph);
        var options = new SampleOptions { Preprocess = Data.Preprocess.Parse(Preprocess) };
        var run = new QuantizeRun
        {
            Model = model,
            Float = read,
            Output = quantized,
            Calibration = SampleSources.Open(calibration, inputs, options),
            Test = SampleSources.Open(test, inputs, options),
            Options = new QuantizerOptions(),
        };
        QuantizeResult result;
        using (var progress = invocation.Progress(common))
        {
            result = run.Run(progress, invocation.CancellationToken);
        }

        var screen = invocation.Screen(common);
        JsonOutput.Write(invocation.Get(common.Json), result);
        invocation.Warn(result.Quantization.Warnings, common);
        QuantizeSummary.Write(screen, result, invocation.Get(common.Json));
        TellWhatNext(screen, folder);
        return 0;
    }

    private static void TellWhatNext(Screen screen, string folder)
    {
        string octet = Invocation.ToolName;
        screen.Line();
        screen.Heading("Try next");
        screen.Line($"  cd {folder}");
        screen.Line($"  {octet} quantize shapes.onnx --data calibration --preprocess {Preprocess} -o fast.onnx --effort fast --evaluate test-labels.txt");
        screen.Line($"  {octet} inspect shapes.int8.onnx");
        screen.Line($"  {octet} quantize --help");
    }

    private static void Unpack(string folder, string model)
    {
        using (var resource = Resource("shapes.onnx"))
        using (var file = File.Create(model))
        {
            resource.CopyTo(file);
        }

        using var pictures = new ZipArchive(Resource("shapes.zip"));
        pictures.ExtractToDirectory(folder);
    }

    private static Stream Resource(string name)
        => typeof(DemoCommand).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The tool holds no {name}.");
}
