using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Moves space into channels.</summary>
public sealed class SpaceToDepth : Operator
{
    /// <inheritdoc/>
    public override string OpType => "SpaceToDepth";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
