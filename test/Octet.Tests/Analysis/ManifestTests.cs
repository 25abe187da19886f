using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Octet.Analysis;
using Octet.Formats.Onnx;
using Octet.Inference;

namespace Octet.Tests.Analysis;

public sealed class ManifestTests(ShapesSample shapes) : IClassFixture<ShapesSample>
{
    [Fact]
    public void Quantize_OnAnyNumberOfThreadsAndInAnyCulture_GivesTheSameBytes()
    {
        byte[][] models =
        [
            Quantize(1, ""),
            Quantize(2, "de-DE"),
            Quantize(4, "ar-SA"),
        ];
        Assert.Equal(models[0], models[1]);
        Assert.Equal(models[0], models[2]);
    }

    [Fact]
    public void Manifest_OfAQuantizedModel_TellsWhatItWasMadeFrom()
    {
        var options = new QuantizerOptions { Effort = Effort.Fast, Threads = 3, Seed = 7, KeepFloat = ["Gemm"] };
        var samples = shapes.Open(shapes.CalibrationList, samples: 4);
        var model = OnnxFormat.Read(OnnxFormat.ToBytes(new Quantizer(options).Quantize(shapes.ModelPath, samples).Model), "quantized");
        var manifest = Manifest.Of(model);
        Assert.NotNull(manifest);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(shapes.ModelPath))), manifest.Model);
        Assert.Equal(samples.Fingerprint, manifest.Calibration);
        Assert.Equal(RuntimeVersion.OnnxRuntime, manifest.OnnxRuntime);
        Assert.Equal(typeof(Quantizer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion, manifest.Octet);
        Assert.Equal((Effort.Fast, 7ul, "Gemm"), (manifest.Options.Effort, manifest.Options.Seed, Assert.Single(manifest.Options.KeepFloat)));

        string text = model.Metadata[Manifest.MetadataKey];
        Assert.DoesNotContain("hread", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(shapes.ModelPath)!, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_HoldsEveryOptionThatTellsInTheModel()
    {
        var manifest = new Manifest { Octet = "1", OnnxRuntime = "2", Model = "3", Options = new QuantizerOptions() };
        var model = TinyModels.Shifted(1);
        manifest.WriteTo(model);
        using var json = JsonDocument.Parse(model.Metadata[Manifest.MetadataKey]);
        var options = json.RootElement.GetProperty("options").EnumerateObject().Select(o => o.Name).Order(StringComparer.Ordinal);
        Assert.Equal(
            typeof(QuantizerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name)
                .Where(n => n is not (nameof(QuantizerOptions.Threads) or nameof(QuantizerOptions.SearchStop) or nameof(QuantizerOptions.Plan))).Select(JsonNamingPolicy.CamelCase.ConvertName).Order(StringComparer.Ordinal),
            options);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"octet\": 1}")]
    [InlineData("[]")]
    public void Manifest_OfOtherText_IsNone(string text)
    {
        var model = TinyModels.Shifted(1);
        Assert.Null(Manifest.Of(model));
        model.Metadata[Manifest.MetadataKey] = text;
        Assert.Null(Manifest.Of(model));
    }

    private byte[] Quantize(int threads, string culture)
    {
        byte[]? bytes = null;
        var thread = new Thread(() =>
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            bytes = OnnxFormat.ToBytes(new Quantizer(new QuantizerOptions { Threads = threads }).Quantize(shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 12)).Model);
        });
        thread.Start();
        thread.Join();
        return bytes!;
    }
}
