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

        if (WeightedOperands.Of(lowering, node, node.GetInt("transB", 0) != 0 ? 0 : 1, out string whyNot) is not { } operands)
        {
            return whyNot;
        }

        lowering.Add(new DenseStep(node.DisplayName, operands.X, operands.Target.Buffer, operands.Weights, operands.Target.With(operands.Rescale)), operands.Target);
        return null;
    }
}
