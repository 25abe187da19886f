using Octet.Graphs;

namespace Octet.Operators;

/// <summary>x · Φ(x).</summary>
public sealed class Gelu : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Gelu";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);
}
