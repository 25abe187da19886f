using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Matrix product. A constant second matrix [in, out] is weights; a constant stack of matrices is not.</summary>
public sealed class MatMul : Operator
{
    /// <inheritdoc/>
    public override string OpType => "MatMul";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.Input(1) is not { IsConstant: true } weights ? new OperatorRole.Computing([0, 1])
            : weights.Constant!.Shape.Rank == 2 ? new OperatorRole.Weighted(1, null, 1)
            : new OperatorRole.Refused("its weights are not a matrix");
}
