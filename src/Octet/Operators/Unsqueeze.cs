using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Inserts axes of size one.</summary>
public sealed class Unsqueeze : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Unsqueeze";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
