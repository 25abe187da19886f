using Octet.Graphs;

namespace Octet.Operators;

/// <summary>1 / (1 + e⁻ˣ), from 0 to 1.</summary>
public sealed class Sigmoid : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Sigmoid";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.FixedRange(0, 1);
}
