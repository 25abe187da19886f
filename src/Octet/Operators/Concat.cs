using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Joins tensors along an axis.</summary>
public sealed class Concat : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Concat";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([.. Enumerable.Range(0, node.Inputs.Count)]);
}
