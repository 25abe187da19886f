using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Probabilities, from 0 to 1.</summary>
public sealed class Softmax : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Softmax";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.FixedRange(0, 1);
}
