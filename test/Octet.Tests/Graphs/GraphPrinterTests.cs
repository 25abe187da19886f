using System.Globalization;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Tests.Rewrites;

namespace Octet.Tests.Graphs;

public sealed class GraphPrinterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void Print_ShowsEverythingOnLinesThatNamesCannotBreak(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            using var writer = new StringWriter { NewLine = "\n" };
            GraphPrinter.Print(GraphSamples.Branching(), writer);
            Assert.Equal(
                """
                opset "" 13
                opset "com.microsoft" 1
                metadata "note", 4 characters
                graph "main graph"(x: Float32[1,2], cond: Boolean[]) → (y) {
                  const "w \"1\"\u000a" = Float32[2,2] [1, 2, 3, 4.5]
                  product: Float32[1,2] = Gemm<alpha = 0.5, transB = 1>(x, "w \"1\"\u000a", _)  # "fc\u001b[31m"
                  y = If(cond) else_branch = graph no() → (shifted) {
                    const b = Float32[20]
                    shifted = Add(product, b)
                  } then_branch = graph yes() → (positive) {
                    positive = Relu(product)
                  }
                }

                """.ReplaceLineEndings("\n"),
                writer.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Print_OfARealModel_HasALineForEveryNodeAndConstant()
    {
        var model = OnnxFormat.Read(RealModels.Embedded);
        using var writer = new StringWriter();
        GraphPrinter.Print(model, writer);
        int lines = writer.ToString().Split('\n').Length;
        Assert.True(lines > model.Graph.NodeCount + model.Graph.Constants.Count());
    }
}
