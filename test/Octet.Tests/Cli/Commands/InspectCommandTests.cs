using System.Text.Json;

namespace Octet.Tests.Cli.Commands;

public sealed class InspectCommandTests : IDisposable
{
    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Inspect_TheSample_TellsWhatIsInIt()
        => Snapshot.Matches("inspect.txt", (await OctetTool.Run(sample.Root, "inspect", "shapes.onnx", "--layers")).Succeeded().Output);

    [Fact]
    public async Task Inspect_AsJson_CountsOperators()
    {
        using var json = JsonDocument.Parse((await OctetTool.Run(sample.Root, "inspect", "shapes.onnx", "--json", "-")).Succeeded().Output);

        Assert.Equal(14, json.RootElement.GetProperty("operators").GetProperty("Conv").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("quantization").GetProperty("quantize").GetInt32());
        Assert.Equal(json.RootElement.GetProperty("operators").EnumerateObject().Where(o => o.Name != "Constant").Sum(o => o.Value.GetInt32()), json.RootElement.GetProperty("layers").GetArrayLength());
    }

    [Fact]
    public async Task Inspect_Printed_HasALineANode()
    {
        var run = (await OctetTool.Run(sample.Root, "inspect", "shapes.onnx", "--print")).Succeeded();

        Assert.Equal(14, run.Output.Split('\n').Count(line => line.Contains(" = Conv<", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Inspect_WithDot_WritesADrawing()
    {
        (await OctetTool.Run(sample.Root, "inspect", "shapes.onnx", "--dot", "net.dot")).Succeeded();

        string drawing = await File.ReadAllTextAsync(Path.Combine(sample.Root, "net.dot"));
        Assert.StartsWith("digraph ", drawing, StringComparison.Ordinal);
        Assert.EndsWith("}\n", drawing, StringComparison.Ordinal);
    }
}
