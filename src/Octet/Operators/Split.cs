using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Cuts into parts, all with the scale of the whole.</summary>
public sealed class Split : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Split";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
