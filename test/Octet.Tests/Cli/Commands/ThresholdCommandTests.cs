using System.Text.Json;
using Octet.Numerics;
using Octet.Tests.Golden;

namespace Octet.Tests.Cli.Commands;

public sealed class ThresholdCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Threshold_OfTwoBatches_TellsScaleAndFigures()
    {
        Write("a.npy", [-1, 2]);
        Write("b.npy", [-3, 4]);

        var result = await Json("a.npy,b.npy", "--method", "moving-average", "--scheme", "asymmetric", "--unsigned", "--param", "ema_decay=0.5");

        Assert.Equal(2, result.GetProperty("batches").GetInt32());
        Assert.Equal((-1 / 3.0) - 2, result.GetProperty("min").GetDouble(), 1e-6);
        Assert.Equal((2 / 3.0) + (8 / 3.0), result.GetProperty("max").GetDouble(), 1e-6);
        Assert.Equal((result.GetProperty("max").GetDouble() - result.GetProperty("min").GetDouble()) / 255, result.GetProperty("scale").GetDouble(), 1e-6);
        Assert.Equal(105, result.GetProperty("zero_point").GetInt32());
        Assert.Equal(2, result.GetProperty("figures").GetProperty("batches").GetInt32());
    }

    [Fact]
    public async Task Threshold_OfOneFileInBatches_IsThatOfTheRowsApart()
    {
        Write("rows.npy", [-1, 2, -3, 4], 2, 2);
        Write("a.npy", [-1, 2]);
        Write("b.npy", [-3, 4]);

        Assert.Equal(
            (await Json("a.npy,b.npy", "--method", "ppq-percentile")).GetProperty("scale").GetSingle(),
            (await Json("rows.npy", "--batch", "1", "--method", "ppq-percentile")).GetProperty("scale").GetSingle());
    }

    [Theory]
    [InlineData("max", 4)]
    [InlineData("ppq-minmax", 2)]
    [InlineData("mindspore-max-min", 4)]
    public async Task Threshold_WithAPowerOfTwo_RoundsTheScaleUp(string method, double expected)
    {
        Write("x.npy", [0, 255]);

        // PPQ divides by 127.5, which is 2 exactly; the others by 127.
        var result = await Json("x.npy", "--method", method, "--scheme", "power-of-two");

        Assert.Equal(expected, result.GetProperty("scale").GetDouble());
        Assert.Equal(0, result.GetProperty("zero_point").GetInt32());
    }

    [Theory]
    [InlineData("--axis", "0")]
    [InlineData("--param", "channel_wise=true")]
    public async Task Threshold_AlongAnAxis_HasOneResultAChannel(params string[] options)
    {
        Write("w.npy", [1.27f, -0.5f, 0, -2.54f], 2, 2);

        var channels = (await Json(["w.npy", "--method", "max", .. options])).GetProperty("channels");

        Assert.Equal([0.01f, 0.02f], channels.EnumerateArray().Select(c => c.GetProperty("scale").GetSingle()));
    }

    [GoldenFact("amct/ifmr.json", "amct/ifmr.npz")]
    public async Task Threshold_ByAnOriginalsParameterNames_GivesItsNumbers()
    {
        var arrays = GoldenFile.Arrays("amct/ifmr.npz");
        foreach (var item in GoldenJson.Cases("amct/ifmr.json").Where((_, i) => i % 25 == 0))
        {
            string[] files = item.Texts("inputs");
            foreach (string file in files)
            {
                Write(file + ".npy", arrays[file]);
            }

            string parameters = string.Join(',', item.GetProperty("params").EnumerateObject().Select(p => $"{p.Name}={p.Value}"));
            var result = await Json(string.Join(',', files.Select(f => f + ".npy")), "--method", "ifmr", "--param", parameters);
            Assert.True(GoldenJson.SameBits(item.Single("scale_d"), result.GetProperty("scale").GetSingle()), item.Text("id"));
            Assert.Equal(item.Integer("offset_d"), result.GetProperty("zero_point").GetInt32());
            Assert.Equal(item.Integer("best_index"), result.GetProperty("figures").GetProperty("best_index").GetInt32());
        }
    }

    [Fact]
    public async Task Threshold_ForPeople_IsATable()
    {
        Write("x.npy", [0, 127]);

        string output = (await OctetTool.Run(folder.Path, "threshold", "x.npy", "--method", "max")).Succeeded().Output;

        Assert.Contains("scale       1\n", output, StringComparison.Ordinal);
        Assert.Contains("max         127\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threshold_Lists_EveryMethodAndParameter()
    {
        string output = (await OctetTool.Run(folder.Path, "threshold", "--list")).Succeeded().Output;

        Assert.Contains("tpu-mlir-kl", output, StringComparison.Ordinal);
        Assert.Contains("num_of_bins, nbins", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, ErrorCodes.InvalidUsage)]
    [InlineData(4, ErrorCodes.DataMissing, "missing.npy")]
    [InlineData(4, ErrorCodes.SampleNotFinite, "nan.npy")]
    [InlineData(4, ErrorCodes.DataEmpty, "empty.npy")]
    [InlineData(2, ErrorCodes.UnknownName, "x.npy", "--method", "ifmr", "--param", "serch_start=1")]
    [InlineData(2, ErrorCodes.UnknownName, "x.npy", "--method", "max", "--param", "bins=1")]
    [InlineData(2, ErrorCodes.InvalidUsage, "x.npy", "--method", "ifmr", "--param", "search_start=2")]
    [InlineData(2, ErrorCodes.InvalidUsage, "x.npy", "--param", "bins")]
    [InlineData(2, ErrorCodes.InvalidUsage, "x.npy", "--bits", "4", "--param", "num_bits=8")]
    [InlineData(2, ErrorCodes.InvalidUsage, "x.npy", "--axis", "2")]
    [InlineData(2, ErrorCodes.InvalidUsage, "x.npy,three.npy", "--axis", "0")]
    public async Task Threshold_OfBadInput_IsOneCodedError(int status, string code, params string[] arguments)
    {
        Write("x.npy", [0, 1]);
        Write("three.npy", [0, 1, 2]);
        Write("nan.npy", [0, float.NaN]);
        Write("empty.npy", []);

        (await OctetTool.Run(folder.Path, ["threshold", .. arguments])).Failed(status, code);
    }

    private void Write(string name, float[] values, params long[] shape)
    {
        using var stream = File.Create(Path.Combine(folder.Path, name));
        Octet.Data.Arrays.NpyWriter.Write(stream, Tensor.FromArray(values, new Shape(shape.Length == 0 ? [values.Length] : shape)));
    }

    private async Task<JsonElement> Json(params string[] arguments)
    {
        using var json = JsonDocument.Parse((await OctetTool.Run(folder.Path, ["threshold", .. arguments, "--json", "-"])).Succeeded().Output);
        return json.RootElement.Clone();
    }
}
