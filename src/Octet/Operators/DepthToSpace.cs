using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Moves channels into space.</summary>
public sealed class DepthToSpace : Operator
{
    /// <inheritdoc/>
    public override string OpType => "DepthToSpace";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
