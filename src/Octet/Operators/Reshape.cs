using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Gives the values another shape.</summary>
public sealed class Reshape : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Reshape";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
