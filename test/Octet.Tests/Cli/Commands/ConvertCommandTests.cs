namespace Octet.Tests.Cli.Commands;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Convert_Simplified_FoldsBatchNormalizationAndKeepsOutputs()
    {
        var run = (await OctetTool.Run(sample.Root, "convert", "shapes.onnx", "--simplify", "-o", "simple.onnx")).Succeeded();
        Assert.Contains("fold-batch-normalization  14 changes\n", run.Output, StringComparison.Ordinal);

        var evaluation = (await OctetTool.Run(sample.Root, "evaluate", "simple.onnx", "--reference", "shapes.onnx", "--data", "test", "--preprocess", ShapesSample.Recipe)).Succeeded();
        Assert.Matches(@"SQNR 1[0-9]{2}\.\d dB, cosine 1\.00000", evaluation.Output);
    }

    [Fact]
    public async Task Convert_Unrolled_OfAModelWithoutRecurrentLayers_SaysSoAndWritesNothing()
    {
        var run = await OctetTool.Run(sample.Root, "convert", "shapes.onnx", "--unroll", "-o", "steps.onnx");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("OCT2402: the model has no recurrent layer to write out", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(sample.Root, "steps.onnx")));
    }

    [Fact]
    public async Task Convert_WithExternalData_WritesTwoFilesThatRunLikeOne()
    {
        (await OctetTool.Run(sample.Root, "convert", "shapes.onnx", "--external-data", "always", "-o", "split.onnx")).Succeeded();
        Assert.True(new FileInfo(Path.Combine(sample.Root, "split.onnx.data")).Length > 4096);

        var evaluation = (await OctetTool.Run(sample.Root, "evaluate", "split.onnx", "--reference", "shapes.onnx", "--data", "test", "--preprocess", ShapesSample.Recipe)).Succeeded();
        Assert.Contains("SQNR exact", evaluation.Output, StringComparison.Ordinal);
    }
}
