using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Product of two tensors.</summary>
public sealed class Mul : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Mul";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0, 1]);
}
