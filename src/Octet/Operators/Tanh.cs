using Octet.Graphs;

namespace Octet.Operators;

/// <summary>From −1 to 1.</summary>
public sealed class Tanh : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Tanh";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.FixedRange(-1, 1);
}
