using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Repeats along axes of size one.</summary>
public sealed class Expand : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Expand";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
