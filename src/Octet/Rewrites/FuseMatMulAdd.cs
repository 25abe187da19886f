using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>
/// Makes a MatMul with constant weights and the addition of a constant for every column one Gemm with bias, so that the sum is rounded once
/// and its bias can be corrected. Data of more than two dimensions are seen as a matrix: Reshape costs nothing, and Gemm is the operator
/// for which runtimes have integer kernels with bias. Where more than one of their dimensions is unknown, the MatMul stays.
/// </summary>
public sealed class FuseMatMulAdd : IRewrite
{
    /// <inheritdoc/>
    public string Name => "fuse-matmul-add";

    /// <inheritdoc/>
    public string Description => "A matrix product with weights and the addition behind it become one Gemm with bias";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;

        // Products of the same data read one matrix, so that it is quantized once.
        var matrices = new Dictionary<(Graph, Value), Value>();
        foreach (var add in context.Graph.AllNodes.Where(n => n.Is("Add")))
        {
            if (Fuse(add, context, matrices))
            {
                changes++;
            }
        }

        if (changes > 0)
        {
            context.Graph.RemoveUnused();
        }

        return changes;
    }

    private static bool Fuse(Node add, RewriteContext context, Dictionary<(Graph, Value), Value> matrices)
    {
        if (add.Inputs is not [{ } first, { } second])
        {
            return false;
        }

        var (product, bias) = first.IsConstant ? (second, first) : (first, second);
        if (product.Producer is not { } matMul || !matMul.Is("MatMul") || matMul.Graph != add.Graph || !product.HasOneReader() || !bias.IsFloatConstant()
            || matMul.Inputs is not [{ } data, { } weights] || data.IsConstant || !weights.IsFloatConstant() || weights.Constant!.Shape is not { Rank: 2, Count: > 0 } shape
            || context.TypeOf(data)?.Dimensions is not { Length: >= 2 } dimensions || PerColumn(bias.Constant!, shape[1], dimensions.Length) is not { } columns
            || (dimensions.Length > 2 && dimensions[..^1].Count(d => d.Size is null) > 1) || dimensions.Any(d => d.Size == 0))
        {
            return false;
        }

        var graph = add.Graph;
        var input = data;
        if (dimensions.Length > 2 && !matrices.TryGetValue((graph, data), out input))
        {
            input = Reshape(graph, data, [-1, shape[0]], data.Name + "_rows", add, matMul);
            matrices.Add((graph, data), input);
        }

        var gemm = graph.AddNode("Gemm", [input, weights, BiasOf(graph, bias, columns)], [add.Output.Name], before: add);
        gemm.Name = matMul.Name;
        gemm.Source = [.. matMul.Source, .. add.Source.Except(matMul.Source)];
        var result = gemm.Output;
        if (dimensions.Length > 2)
        {
            graph.Rename(result, graph.FreshName(product.Name + "_columns"));
            result = Reshape(graph, result, [.. dimensions[..^1].Select(d => d.Size ?? -1), shape[1]], add.Output.Name, add, matMul);
        }

        string name = add.Output.Name;
        result.Type = add.Output.Type;
        add.Output.ReplaceWith(result);
        graph.Remove(add);
        graph.Remove(matMul);
        graph.Rename(result, name);
        return true;
    }

    private static Value Reshape(Graph graph, Value data, ImmutableArray<long> shape, string name, Node before, Node source)
    {
        var target = graph.AddConstant(name + "_shape", Tensor.FromArray([.. shape], new Shape(shape.Length)));
        var result = graph.Add("Reshape", [data, target], name, before: before);
        result.Producer!.Name = result.Name;
        result.Producer.Source = source.Source;
        return result;
    }

    private static Value BiasOf(Graph graph, Value bias, float[] columns)
        => bias.Constant!.Shape.Rank == 1 && bias.Constant.Count == columns.Length && bias.Graph == graph
            ? bias
            : graph.AddConstant(bias.Name, Tensor.FromArray(columns, new Shape(columns.Length)));

    /// <summary>The constant's value for every column; null where it varies along another axis or would enlarge the product.</summary>
    private static float[]? PerColumn(Tensor constant, long columns, int rank)
    {
        var shape = constant.Shape;
        return shape.Rank > rank ? null
            : shape.Count == 1 ? [.. Enumerable.Repeat(constant.ToFloats()[0], checked((int)columns))]
            : shape[-1] == columns && shape.Count == columns ? constant.ToFloats()
            : null;
    }
}
