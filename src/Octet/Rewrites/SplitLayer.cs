using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>Makes two layers of one, so that the weights of each have a smaller range. What the network computes stays the same but for rounding.</summary>
public static class SplitLayer
{
    /// <summary>
    /// Halves the weights above a threshold and gives the halves to a second layer beside the first; an Add joins both (PPQ 0.6.6, HorizontalLayerSplitPass with method
    /// balance). The bias stays with the first.
    /// </summary>
    /// <param name="node">A Conv, ConvTranspose, Gemm or MatMul with constant weights.</param>
    /// <param name="threshold">Weights of a larger magnitude are halved.</param>
    /// <returns>The new nodes: the second layer and the sum. None where no weight is as large.</returns>
    public static IReadOnlyList<Node> Beside(Node node, double threshold)
    {
        ArgumentNullException.ThrowIfNull(node);
        var weights = node.Inputs[1]!.Constant!;
        float[] values = weights.ToFloats();
        float[] halves = [.. values.Select(v => Math.Abs(v) > threshold ? v / 2 : 0)];
        if (halves.All(h => h == 0))
        {
            return [];
        }

        var graph = node.Graph;
        string name = node.Inputs[1]!.Name;
        Merging.SetFloats(node, 1, [.. values.Zip(halves, (v, h) => v - h)], weights.Shape, name);
        var output = node.Output;
        string outputName = output.Name;
        graph.Rename(output, graph.FreshName(outputName + "_rest"));
        var second = graph.Add(node.OpType, [node.Inputs[0], graph.AddConstant(name + "_split", Tensor.FromArray(halves, weights.Shape))], outputName + "_split", node.Domain, node.Next);
        Merging.CopyAttributes(node, second.Producer!);
        second.Producer!.Name = node.DisplayName + "_split";
        var sum = graph.Add("Add", [output, second], outputName + "_sum", before: second.Producer!.Next);
        sum.Producer!.Name = node.DisplayName + "_sum";
        TakePlace(graph, output, sum, outputName);
        return [second.Producer!, sum.Producer!];
    }

    /// <summary>
    /// Factorizes the weights, W = U√s · √sVᵀ, and makes a layer of each factor, one behind the other (PPQ 0.6.6, MatrixFactorizationPass with method svd). The bias goes to the second.
    /// </summary>
    /// <param name="node">A Gemm of untransposed data with alpha and beta of 1, or a Conv of a 1 × 1 kernel and one group.</param>
    /// <returns>The new second layer.</returns>
    public static Node InTwo(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        bool isConv = node.Is("Conv");
        var weights = node.Inputs[1]!.Constant!;
        bool outputsFirst = isConv || node.GetInt("transB", 0) != 0;
        int outputs = (int)weights.Shape[outputsFirst ? 0 : 1];
        int inputs = (int)weights.Shape[outputsFirst ? 1 : 0];
        float[] values = weights.ToFloats();
        var matrix = new double[outputs, inputs];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                matrix[o, i] = values[outputsFirst ? (o * inputs) + i : (i * outputs) + o];
            }
        }

        var (u, s, vt) = SingularValues.Of(matrix);
        double[] roots = [.. s.Select(Math.Sqrt)];
        float[] first = [.. Enumerable.Range(0, roots.Length * inputs).Select(n => (float)(roots[n / inputs] * vt[n / inputs, n % inputs]))];
        var last = Tensor.FromArray([.. Enumerable.Range(0, outputs * roots.Length).Select(n => (float)(u[n / roots.Length, n % roots.Length] * roots[n % roots.Length]))], ShapeOf(outputs, roots.Length));

        var graph = node.Graph;
        string name = node.Inputs[1]!.Name;
        var bias = node.Input(2);
        var output = node.Output;
        string outputName = output.Name;
        Merging.SetFloats(node, 1, first, ShapeOf(roots.Length, inputs), name);
        if (bias is not null)
        {
            node.SetInput(2, null);
        }

        graph.Rename(output, graph.FreshName(outputName + "_factor"));
        var factor = graph.AddConstant(name + "_split", last);
        var second = graph.Add(node.OpType, bias is null ? [output, factor] : [output, factor, bias], outputName + "_split", node.Domain, node.Next);
        second.Producer!.Name = node.DisplayName + "_splited";
        if (!isConv)
        {
            node.SetAttribute("transB", 1);
            second.Producer!.SetAttribute("transB", 1);
        }

        TakePlace(graph, output, second, outputName);
        return second.Producer!;

        Shape ShapeOf(int rows, int columns) => isConv ? new Shape([rows, columns, .. Enumerable.Repeat(1L, weights.Shape.Rank - 2)]) : new Shape(rows, columns);
    }

    /// <summary>Whether <see cref="InTwo"/> can take a layer.</summary>
    public static bool CanFactorize(Node node)
        => node is not null && node.Input(1) is { IsConstant: true, Constant: { Count: > 0 } weights }
            && (node.Is("Gemm") ? node.GetInt("transA", 0) == 0 && node.GetFloat("alpha", 1) == 1 && node.GetFloat("beta", 1) == 1
                : node.Is("Conv") && node.GetInt("group", 1) == 1 && weights.Shape.Dimensions.Skip(2).All(d => d == 1));

    // All that read the old output read the new one, which takes its name.
    private static void TakePlace(Graph graph, Value old, Value successor, string name)
    {
        var uses = old.Uses.Where(u => u.Node != successor.Producer).ToArray();
        foreach (var use in uses)
        {
            use.Node.SetInput(use.Index, successor);
        }

        successor.Type = old.Type;
        old.Type = null;
        if (old.IsOutput)
        {
            graph.ReplaceOutput(old, successor);
        }

        graph.Rename(successor, name);
    }
}
