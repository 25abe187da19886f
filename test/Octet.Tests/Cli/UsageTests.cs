namespace Octet.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("quantise net.onnx", "there is no command \"quantise\"; did you mean quantize?")]
    [InlineData("xyzzy", "there is no command \"xyzzy\"; there are demo, quantize")]
    [InlineData("", "octet needs a command; give one of demo, quantize")]
    [InlineData("quantize net.onnx --samlpes 5", "unknown option \"--samlpes\" of octet quantize; did you mean --samples?")]
    [InlineData("quantize --bogus=1 net.onnx", "unknown option \"--bogus\" of octet quantize")]
    [InlineData("quantize net.onnx other.onnx", "octet quantize does not know what to do with \"other.onnx\"")]
    [InlineData("quantize net.onnx --samples 0", "--samples takes a whole number from 1 on, not \"0\"")]
    [InlineData("quantize net.onnx --samples 1,5", "--samples takes a whole number from 1 on, not \"1,5\"")]
    [InlineData("quantize net.onnx --threads 1025", "--threads takes a whole number from 1 to 1024, not \"1025\"")]
    [InlineData("quantize net.onnx --mode statik", "--mode takes static, dynamic or weights, not \"statik\"; did you mean static?")]
    [InlineData("quantize net.onnx -o", "--output needs a value, FILE")]
    [InlineData("quantize net.onnx -o a.onnx -o b.onnx", "--output is given 2 times; give it once")]
    [InlineData("quantize net.onnx --output=net8.tflite", "--output \"net8.tflite\" does not end in .onnx")]
    [InlineData("quantize net.onnx -o out.onnx", "--data is missing; static quantization needs calibration samples")]
    [InlineData("quantize net.onnx -o out.onnx --mode weights --data photos", "--data has no effect with --mode weights")]
    [InlineData("quantize net.onnx -o out.onnx --labels l.txt", "--labels has no effect without --evaluate")]
    [InlineData("quantize net.onnx -o out.onnx --settings none.json", "settings \"none.json\" cannot be read")]
    [InlineData("quantize net.onnx -o out.onnx --data x --max-drop 1", "--max-drop has no effect without --evaluate")]
    [InlineData("quantize net.onnx -o out.onnx --data x --layer-budget NaN", "--layer-budget takes a number from 0.01 to 100, not \"NaN\"")]
    [InlineData("quantize net.onnx -o out.onnx --data x --effort fast --no-bias-correction", "--no-bias-correction has no effect with --effort fast")]
    [InlineData("quantize net.onnx -o out.onnx --data x --effort fast --smoothing never", "--smoothing has no effect with --effort fast")]
    [InlineData("quantize net.onnx -o out.onnx --mode dynamic --smoothing always", "--smoothing has no effect with --mode dynamic")]
    [InlineData("quantize net.onnx -o out.onnx --mode dynamic --equalization always", "--equalization has no effect with --mode dynamic")]
    [InlineData("quantize net.onnx -o out.onnx --mode dynamic --splitting always", "--splitting has no effect with --mode dynamic")]
    [InlineData("quantize net.onnx -o out.onnx --data x --effort fast --splitting always", "--splitting has no effect with --effort fast")]
    [InlineData("quantize net.onnx -o out.onnx --data x --effort fast --channel-grouping always", "--channel-grouping has no effect with --effort fast")]
    [InlineData("quantize net.onnx -o out.onnx --data x --smoothing maybe", "--smoothing takes auto, always or never, not \"maybe\"")]
    [InlineData("evaluate net.onnx --data x --metric 'a", "a quote (') of the metric's command is not closed")]
    [InlineData("evaluate net.onnx --data x --min-sqnr 20", "--min-sqnr has no effect without --reference")]
    [InlineData("evaluate --data x", "the model is missing")]
    [InlineData("convert net.onnx", "--output is missing")]
    [InlineData("inspect net.onnx --print --json -", "--print and --json - both want standard output")]
    [InlineData("completion fish", "SHELL is bash, zsh or pwsh, not \"fish\"")]
    [InlineData("settings", "COMMAND is missing; give quantize")]
    public async Task Run_WhenUsageIsWrong_TellsWhatIsRight(string line, string message)
    {
        using var folder = new TemporaryFolder();

        var run = await OctetTool.Run(folder.Path, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains(message, run.Failed(2, "OCT2001"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Run_WhenMuchIsWrong_TellsAllOfItAtOnce()
    {
        using var folder = new TemporaryFolder();

        var run = await OctetTool.Run(folder.Path, "quantize", "--samples", "x", "--mode", "y", "--wrong", "-o");

        string[] lines = run.Failed(2, "OCT2001").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("OCT2001: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WhenConfigurationIsWrong_TellsModelDataAndRecipeAtOnce()
    {
        using var folder = new TemporaryFolder();

        var run = await OctetTool.Run(folder.Path, "quantize", "none.onnx", "-o", "out.onnx", "--data", "photos", "--preprocess", "imagenot", "--activation-bits", "12");

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("OCT2001: .*12", run.Error);
        Assert.Contains("OCT2101: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("OCT3001: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
