using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Permutes the axes.</summary>
public sealed class Transpose : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Transpose";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
