using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Matrix product with bias, A·B + C. Weights are B: [in, out], or [out, in] where transB is set.</summary>
public sealed class Gemm : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Gemm";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.Input(1) is not { IsConstant: true } ? new OperatorRole.Refused("its matrix B is not constant")
            : node.Input(2) is { IsConstant: false } ? new OperatorRole.Refused("its matrix C is not constant")
            : node.Input(2) is { Constant.Shape: var c } && c.Rank != 1 ? new OperatorRole.Refused("its matrix C is not a vector")
            : node.GetInt("transA", 0) != 0 ? new OperatorRole.Refused("it transposes its data")
            : node.GetFloat("alpha", 1) != 1 || node.GetFloat("beta", 1) != 1 ? new OperatorRole.Refused("its alpha or beta is not 1")
            : new OperatorRole.Weighted(1, 2, node.GetInt("transB", 0) != 0 ? 0 : 1);
}
