using Octet.Graphs;

namespace Octet.Operators;

/// <summary>clip(α·x + β, 0, 1).</summary>
public sealed class HardSigmoid : Operator
{
    /// <inheritdoc/>
    public override string OpType => "HardSigmoid";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.FixedRange(0, 1);
}
