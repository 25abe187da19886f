using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Takes a part.</summary>
public sealed class Slice : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Slice";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
