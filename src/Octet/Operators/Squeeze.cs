using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Drops axes of size one.</summary>
public sealed class Squeeze : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Squeeze";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
