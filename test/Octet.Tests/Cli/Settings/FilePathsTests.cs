using Octet.Cli;
using Octet.Cli.Settings;

namespace Octet.Tests.Cli.Settings;

public sealed class FilePathsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FilePathsTests()
    {
        Directory.CreateDirectory(folder["data"]);
        File.WriteAllText(folder["data/a.npy"], "");
        File.WriteAllText(folder["net.onnx"], "");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("net.onnx", "net.onnx")]
    [InlineData("data/../net.onnx", "net.onnx")]
    [InlineData("data/a.npy", "data")]
    [InlineData("data/a.npy", "x=data/a.npy,y=net.onnx")]
    [InlineData("net.onnx", "x=data/a.npy,y=net.onnx")]
    public void CheckOutput_WhenTheOutputIsAnInput_NotesIt(string output, string input) => Assert.True(Clash(output, input));

    [Theory]
    [InlineData("out.onnx", "net.onnx")]
    [InlineData("data/new.onnx", "data")]
    [InlineData("net.onnx.data", "net.onnx")]
    [InlineData("-", "net.onnx")]
    public void CheckOutput_WhenTheOutputIsAnother_IsContent(string output, string input) => Assert.False(Clash(output, input));

    [Fact]
    public void CheckOutput_WhenLinksLeadToAnInput_NotesIt()
    {
        File.CreateSymbolicLink(folder["link.onnx"], "net.onnx");
        Directory.CreateSymbolicLink(folder["other"], ".");

        Assert.True(Clash("link.onnx", "net.onnx"));
        Assert.True(Clash("net.onnx", "link.onnx"));
        Assert.True(Clash("other/net.onnx", "net.onnx"));
    }

    private bool Clash(string output, string input)
    {
        var problems = new Problems();
        string specification = string.Join(',', input.Split(',').Select(p => p.IndexOf('=', StringComparison.Ordinal) is var e and >= 0 ? p[..(e + 1)] + folder[p[(e + 1)..]] : folder[p]));
        FilePaths.CheckOutput(problems, ("--output", output == "-" ? output : folder[output]), specification);
        return Record.Exception(problems.ThrowIfAny) is not null;
    }
}
