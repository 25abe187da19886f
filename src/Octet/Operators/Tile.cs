using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Repeats the whole.</summary>
public sealed class Tile : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Tile";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
