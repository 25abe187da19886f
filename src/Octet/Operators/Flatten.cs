using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Makes a matrix of a tensor.</summary>
public sealed class Flatten : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Flatten";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();
}
