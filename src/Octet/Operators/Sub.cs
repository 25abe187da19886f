using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Difference of two tensors.</summary>
public sealed class Sub : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Sub";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0, 1]);
}
