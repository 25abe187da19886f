using System.IO.Compression;
using Octet.Data;
using Octet.Formats.Onnx;

namespace Octet.Tests;

/// <summary>The embedded sample, unpacked: a small network, 100 calibration and 500 test pictures; gone afterwards.</summary>
public sealed class ShapesSample : IDisposable
{
    public const string Recipe = "rgb,scale=1/255,mean=.42:.40:.38,std=.25:.22:.20";

    private readonly TemporaryFolder folder = new();

    public ShapesSample()
    {
        string demo = Path.Combine(SharedData.RepositoryRoot, "src", "Octet.Cli", "Demo");
        File.Copy(Path.Combine(demo, "shapes.onnx"), ModelPath);
        ZipFile.ExtractToDirectory(Path.Combine(demo, "shapes.zip"), folder.Path);
    }

    public string Root => folder.Path;

    public string ModelPath => folder["shapes.onnx"];

    public string CalibrationList => folder["calibration-labels.txt"];

    public string CalibrationFolder => folder["calibration"];

    public string TestList => folder["test-labels.txt"];

    /// <summary>Opens samples for the network.</summary>
    public ISampleSource Open(string specification, string? recipe = Recipe, int? samples = null)
        => SampleSources.Open(specification, ModelInputs.Of(OnnxFormat.Read(ModelPath).Graph), new SampleOptions { Preprocess = recipe is null ? null : Preprocess.Parse(recipe), Samples = samples });

    public void Dispose() => folder.Dispose();
}
