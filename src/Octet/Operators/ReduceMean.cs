using Octet.Graphs;

namespace Octet.Operators;

/// <summary>The mean along axes.</summary>
public sealed class ReduceMean : Operator
{
    /// <inheritdoc/>
    public override string OpType => "ReduceMean";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);
}
