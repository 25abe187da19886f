using Octet.Graphs;

namespace Octet.Operators;

/// <summary>x · clip(x / 6 + ½, 0, 1).</summary>
public sealed class HardSwish : Operator
{
    /// <inheritdoc/>
    public override string OpType => "HardSwish";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);
}
