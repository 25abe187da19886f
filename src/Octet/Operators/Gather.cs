using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Takes rows by index.</summary>
public sealed class Gather : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Gather";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
