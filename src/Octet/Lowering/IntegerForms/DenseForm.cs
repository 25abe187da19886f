using Octet.Graphs;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Gemm with constant weights.</summary>
internal sealed class DenseForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Gemm"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (node.GetInt("transA", 0) != 0 || node.GetFloat("alpha", 1) != 1 || (node.GetFloat("beta", 1) != 1 && node.Input(2) is not null))
        {
            return "it transposes or scales its data";
        }

        return Lower(lowering, node, node.GetInt("transB", 0) != 0 ? 0 : 1);
    }

    /// <summary>Adds a product with constant weights; where floats leave it, they are the sums times the scales.</summary>
    /// <param name="lowering">Knows the tensors, takes the step.</param>
    /// <param name="node">Gemm or MatMul.</param>
    /// <param name="channelAxis">The axis of output channels in the weights.</param>
    /// <returns>Null where that was done, else why there is no integer form.</returns>
    public static string? Lower(IntegerLowering lowering, Node node, int channelAxis)
    {
        if (WeightedOperands.Of(lowering, node, channelAxis, out string whyNot) is not { } operands)
        {
            return whyNot;
        }

        if (operands.Target is { } target)
        {
            lowering.Add(new DenseStep(node.DisplayName, operands.X, target.Buffer, operands.Weights, operands.Requantize!), target);
        }
        else
        {
            float scale = operands.X.Params!.Scale;
            lowering.Add(new FloatDenseStep(node.DisplayName, operands.X, lowering.NewPlain(node.Output), operands.Weights, [.. operands.Weights.Params.Scales.Select(s => scale * s)]));
        }

        return null;
    }
}
