using System.CommandLine;
using Octet.Cli;
using Octet.Cli.Commands;
using Octet.Cli.Settings;

namespace Octet.Tests.Cli.Settings;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Merge_WithCommentsAndTrailingCommas_AddsTheFilesOptions()
    {
        string[] words = Merge("""
            {
              // what the editor knows
              "$schema": "quantize.schema.json",
              "model": "net.onnx",
              "data": "ids=-a.npy,mask=b.npy",
              "samples": 64, /* enough */
              "shuffle": true,
              "no-bias-correction": false,
              "keep-float": ["Softmax", "/head/Gemm"],
              "weight-bits": 8,
            }
            """, "quantize", "-o", "out.onnx");

        Assert.Equal(
            ["quantize", "net.onnx", "--data=ids=-a.npy,mask=b.npy", "--samples=64", "--shuffle", "--keep-float=Softmax", "--keep-float=/head/Gemm", "--weight-bits=8", "-o", "out.onnx"],
            words);
    }

    [Fact]
    public void Merge_WhenTheCommandLineSaysIt_LetsTheCommandLineWin()
        => Assert.Equal(
            ["quantize", "--samples", "5", "mine.onnx"],
            Merge("""{ "samples": 64, "model": "theirs.onnx" }""", "quantize", "--samples", "5", "mine.onnx"));

    [Theory]
    [InlineData("""{ "samlpes": 5 }""", "has no setting \"samlpes\"; did you mean samples?")]
    [InlineData("""{ "Samples": 5 }""", "has no setting \"Samples\"; did you mean samples?")]
    [InlineData("""{ "simplify": true }""", "has no setting \"simplify\"; it belongs to octet convert")]
    [InlineData("""{ "settings": "x.json" }""", "has no setting \"settings\"")]
    [InlineData("""{ "samples": "5" }""", "samples takes a whole number from 1 on, not \"5\"")]
    [InlineData("""{ "samples": null }""", "samples takes a whole number from 1 on, not null")]
    [InlineData("""{ "shuffle": 1 }""", "shuffle takes true or false, not 1")]
    [InlineData("""{ "keep-float": ["a", 1] }""", "keep-float takes a list of texts, not [\"a\", 1]")]
    [InlineData("""{ "data": ["a"] }""", "data takes a text, not [\"a\"]")]
    [InlineData("""{ "samples": 1, "samples": 2 }""", "samples is there twice")]
    [InlineData("[]", "are not an object")]
    [InlineData("{ \"samples\": ", "are not JSON")]
    [InlineData("", "are not JSON")]
    public void Merge_WhenTheFileIsWrong_TellsWhat(string json, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => Merge(json, "quantize"));

        Assert.Contains(error.Problems, p => p.Code == ErrorCodes.InvalidUsage && p.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Merge_WhenMuchIsWrong_TellsAllOfIt()
        => Assert.Equal(3, Assert.Throws<ConfigurationException>(() => Merge("""{ "a": 1, "shuffle": "yes", "mode": true }""", "quantize")).Problems.Count);

    [Fact]
    public async Task Run_WhenAValueOfTheFileIsOutOfRange_TellsTheAllowedOnes()
    {
        await File.WriteAllTextAsync(folder["s.json"], """{ "threads": 0, "effort": "fats" }""");

        var run = await OctetTool.Run(folder.Path, "quantize", "net.onnx", "--settings", "s.json");

        string error = run.Failed(2, "OCT2001");
        Assert.Contains("--threads takes a whole number from 1 to 1024, not \"0\"", error, StringComparison.Ordinal);
        Assert.Contains("--effort takes normal, fast or high, not \"fats\"; did you mean fast?", error, StringComparison.Ordinal);
    }

    private string[] Merge(string json, params string[] words)
    {
        File.WriteAllText(folder["settings.json"], json);
        return SettingsFile.Merge(folder["settings.json"], OctetCommand.Create().Parse(words), words);
    }
}
