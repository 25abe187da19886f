using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Quotient of two tensors.</summary>
public sealed class Div : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Div";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0, 1]);
}
