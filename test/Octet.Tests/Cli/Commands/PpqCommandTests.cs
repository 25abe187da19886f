using System.Text.Json;
using Octet.Data;
using Octet.Data.Arrays;
using Octet.Dialects.Ppq;
using Octet.Formats.Onnx;
using Octet.Numerics;

namespace Octet.Tests.Cli.Commands;

public sealed class PpqCommandTests : IDisposable
{
    private static readonly string[] Usual = ["--platform", "FPGA_INT8", "--calib-steps", "12", "--finetune-steps", "0"];

    private readonly ShapesSample sample = new();
    private readonly string working;

    public PpqCommandTests()
    {
        working = Path.Combine(sample.Root, "working");
        Directory.CreateDirectory(Path.Combine(working, "data"));
        File.Copy(sample.ModelPath, Path.Combine(working, "model.onnx"));
        var inputs = ModelInputs.Of(OnnxFormat.Read(sample.ModelPath).Graph);
        var pictures = SampleSources.Open(Path.Combine(sample.Root, "calibration"), inputs, new SampleOptions { Preprocess = Preprocess.Parse(ShapesSample.Recipe), Samples = 12 });
        for (int i = 0; i < pictures.Count; i++)
        {
            using var stream = File.Create(Path.Combine(working, "data", $"{i:00}.npy"));
            NpyWriter.Write(stream, pictures.Load(i).Inputs.Single().Value);
        }
    }

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Ppq_InAWorkingDirectory_WritesAModelThatIntegersRun()
    {
        var run = (await Ppq([.. Usual, "--dispatcher", "pointwise", "--json", "-"])).Succeeded();
        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("FPGA_INT8", json.GetProperty("platform").GetString());
        Assert.Empty(json.GetProperty("warnings").EnumerateArray());
        Assert.Equal(2, json.GetProperty("written").GetArrayLength());
        var configs = JsonDocument.Parse(File.ReadAllText(Path.Combine(working, "quantized.json"))).RootElement;
        Assert.Equal(json.GetProperty("operations").GetArrayLength(), configs.GetProperty("dispatchings").EnumerateObject().Count());
        (await OctetTool.Run(sample.Root, "run", "working/quantized.onnx", "--data", "working/data", "-o", "out.npy")).Succeeded();
        Assert.Equal(12, NpyReader.Open(Path.Combine(sample.Root, "out.npy")).ReadAll().Shape[0]);
    }

    [Fact]
    public async Task Ppq_WithSettingsThatItWrote_GivesTheSameModel()
    {
        (await Ppq([.. Usual, "--calibration", "kl", "--write-setting", "setting.json", "--threads", "1"])).Succeeded();
        byte[] first = File.ReadAllBytes(Path.Combine(working, "quantized.onnx"));
        (await Ppq("--setting", "setting.json", "--platform", "FPGA_INT8", "--calib-steps", "12", "--threads", "2")).Succeeded();
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(working, "quantized.onnx")));

        File.WriteAllText(Path.Combine(sample.Root, "user.json"), """{ "platform": "FPGA_INT8", "calibration": "kl", "finetune_steps": 0, "no_such": 1 }""");
        var run = (await Ppq("--setting", "user.json", "--calib-steps", "12")).Succeeded();
        Assert.Contains("\"no_such\" is no setting of PPQ", run.Error, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(working, "quantized.onnx")));
    }

    [Fact]
    public async Task Ppq_WithChannelsLast_OrBareValues_GivesTheSameModel()
    {
        (await Ppq(Usual)).Succeeded();
        byte[] first = File.ReadAllBytes(Path.Combine(working, "quantized.onnx"));
        string last = Path.Combine(sample.Root, "last");
        string bare = Path.Combine(sample.Root, "bare");
        Directory.CreateDirectory(last);
        Directory.CreateDirectory(bare);
        foreach (string file in Directory.GetFiles(Path.Combine(working, "data")))
        {
            var picture = NpyReader.Open(file).ReadAll();
            File.WriteAllBytes(Path.Combine(bare, Path.GetFileNameWithoutExtension(file) + ".bin"), picture.AsSpan<byte>().ToArray());
            using var stream = File.Create(Path.Combine(last, Path.GetFileName(file)));
            NpyWriter.Write(stream, ChannelsLast(picture));
        }

        (await Ppq([.. Usual, "--data", "last", "--input-layout", "hwc"])).Succeeded();
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(working, "quantized.onnx")));
        (await Ppq([.. Usual, "--data", "bare"])).Succeeded();
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(working, "quantized.onnx")));
    }

    [Fact]
    public async Task Ppq_WithoutActivations_NeedsNoCalibration_AndSaysThatBiasesStayFloat()
    {
        File.WriteAllText(Path.Combine(sample.Root, "off.json"), """{ "quantize_activation": false }""");
        var run = (await Ppq("--platform", "FPGA_INT8", "--calib-steps", "8", "--setting", "off.json")).Succeeded();
        Assert.Contains("with quantize_activation off biases stay float", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(OnnxFormat.Read(Path.Combine(working, "quantized.onnx")).Graph.Nodes, n => n.Is("QuantizeLinear"));
    }

    [Fact]
    public async Task Ppq_WithFinetuneSteps_WarnsAndGoesOn()
    {
        var run = (await Ppq("--platform", "TRT_INT8", "--calib-steps", "8", "--finetune-steps", "2500")).Succeeded();
        Assert.Contains("PPQ trains weights for 2500 steps", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ppq_WithAnalyses_PrintsThemAsPpqDoes_AndDumpsWhatHardwareIsComparedWith()
    {
        var run = (await Ppq([.. Usual, "--require-analyse", "--parameter-analyse", "--statistical-analyse", "statistics.json", "--analyse-steps", "3", "--dump-result"])).Succeeded();
        Assert.Contains("| NOISE:SIGNAL POWER RATIO", run.Output, StringComparison.Ordinal);
        Assert.Contains("| Value Mean(Abs)", run.Output, StringComparison.Ordinal);
        var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(sample.Root, "statistics.json"))).RootElement[0];
        Assert.Equal(4 * 1024, record.GetProperty("noise").GetProperty("histogram").EnumerateArray().Sum(b => b.GetInt32()));
        Assert.Equal(12, Directory.GetFiles(Path.Combine(working, "inputs")).Length);

        Directory.Move(Path.Combine(working, "outputs"), Path.Combine(sample.Root, "board"));
        (await Ppq([.. Usual, "--dump-result"])).Succeeded();
        var same = (await OctetTool.Run(sample.Root, "dumps", "working/outputs", "--hardware", "board", "--json", "-")).Succeeded();
        Assert.All(JsonDocument.Parse(same.Output).RootElement.GetProperty("tensors").EnumerateObject(), t => Assert.Equal(0, t.Value.GetProperty("noiseRatio").GetDouble()));

        string changed = Directory.GetFiles(Path.Combine(sample.Root, "board", "0"))[0];
        File.WriteAllBytes(changed, new byte[4]);
        var unlike = await OctetTool.Run(sample.Root, "dumps", "working/outputs", "--hardware", "board");
        Assert.Equal(3, unlike.ExitCode);
        Assert.Contains("of batch 0 holds 1 values", unlike.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--analyse-steps has no effect", "--analyse-steps", "3")]
    [InlineData("--dump-folder has no effect", "--dump-folder", "working")]
    [InlineData("no folder \"nowhere\"", "--dump-result", "--dump-folder", "nowhere")]
    public async Task Ppq_WithOptionsWithoutEffect_SaysSo(string problem, params string[] options)
    {
        var run = await Ppq([.. Usual, .. options]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OCT2001", "no platform is named")]
    [InlineData("OCT2401", "does not quantize for PPQ's platform TRT_FP8", "--platform", "TRT_FP8")]
    [InlineData("OCT2002", "there is no platform \"FPGA_INT9\"; did you mean FPGA_INT8", "--platform", "FPGA_INT9")]
    [InlineData("OCT2401", "does not export PPQ's CAFFE", "--platform", "FPGA_INT8", "--export", "CAFFE")]
    [InlineData("OCT2401", "exported of networks quantized for PPL_CUDA_INT8 alone", "--platform", "FPGA_INT8", "--export", "PPL_CUDA_INT8")]
    [InlineData("OCT2002", "there is no calibration algorithm \"perzentil\"", "--platform", "FPGA_INT8", "--calibration", "perzentil")]
    [InlineData("OCT2002", "there is no dispatcher \"none\"", "--platform", "FPGA_INT8", "--dispatcher", "none")]
    [InlineData("OCT2001", "from 8 to 512", "--platform", "FPGA_INT8", "--calib-steps", "4")]
    [InlineData("OCT2401", "the setting blockwise_reconstruction asks", "--platform", "FPGA_INT8", "--setting", "block.json")]
    [InlineData("OCT2401", "integers cannot compute a network in which quantize_activation is off", "--platform", "FPGA_INT8", "--setting", "off.json", "--meaning", "integer")]
    [InlineData("OCT2401", "MNN_INT8 tells the scales of activations", "--platform", "FPGA_INT8", "--setting", "off.json", "--export", "MNN_INT8")]
    [InlineData("OCT2401", "fusion_setting.align_concat_to is \"Align to Input\", which PPQ refuses, too", "--platform", "FPGA_INT8", "--setting", "align.json")]
    [InlineData("OCT2001", "wrong kind of value", "--platform", "FPGA_INT8", "--setting", "wrong.json")]
    [InlineData("OCT2401", "sends \"x\" to platform 101", "--platform", "FPGA_INT8", "--dispatching-table", "table.json")]
    public async Task Ppq_OfWhatIsNotDone_SaysSoAndWritesNothing(string code, string problem, params string[] options)
    {
        File.WriteAllText(Path.Combine(sample.Root, "block.json"), """{ "blockwise_reconstruction": true }""");
        File.WriteAllText(Path.Combine(sample.Root, "off.json"), """{ "quantize_activation": false }""");
        File.WriteAllText(Path.Combine(sample.Root, "align.json"), """{ "fusion_setting": { "align_concat_to": "Align to Input" } }""");
        File.WriteAllText(Path.Combine(sample.Root, "wrong.json"), """{ "equalization": "perhaps" }""");
        string name = OnnxFormat.Read(sample.ModelPath).Graph.Nodes.First(n => n.Is("Conv")).DisplayName;
        File.WriteAllText(Path.Combine(sample.Root, "table.json"), $$"""{ "{{name}}": "TRT_INT8" }""");
        var run = await Ppq(options);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.Contains(problem.Replace("\"x\"", $"\"{name}\"", StringComparison.Ordinal), run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(working, "quantized.onnx")));
    }

    [Fact]
    public void Settings_Converted_AreTheFullOnes()
    {
        var user = new UnbelievableUserFriendlyQuantizationSetting { Platform = "FPGA_INT8", FinetuneSteps = 2500, FinetuneLr = 1e-3, NonQuantableOp = ["a"] };
        var warnings = new List<string>();
        Assert.Equivalent(user, UnbelievableUserFriendlyQuantizationSetting.FromJson(user.ToJson(), "x", warnings));
        var full = user.ConvertToDaddySetting();
        Assert.Equal((true, 2500, 1e-3), (full.LsqOptimization, full.LsqOptimizationSetting.Steps, full.LsqOptimizationSetting.Lr));
        Assert.Equal((true, 3, 1, 0.0), (full.Equalization, full.EqualizationSetting.Iterations, full.EqualizationSetting.OptLevel, full.EqualizationSetting.ValueThreshold));
        Assert.Equal([("a", 0)], full.DispatchingTable.Entries());
        Assert.Equal(full.ToJson(), QuantizationSetting.FromJson(full.ToJson(), "x", warnings).ToJson());
        Assert.Empty(warnings);
    }

    private Task<ProcessRun> Ppq(params string[] options) => OctetTool.Run(sample.Root, ["ppq", "working", .. options]);

    private static Tensor ChannelsLast(Tensor picture)
    {
        var (c, h, w) = ((int)picture.Shape[1], (int)picture.Shape[2], (int)picture.Shape[3]);
        float[] values = picture.ToFloats();
        return Tensor.FromArray([.. Enumerable.Range(0, values.Length).Select(i => values[(i % c * h * w) + (i / c)])], new Shape(h, w, c));
    }
}
