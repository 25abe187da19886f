using Octet.Graphs;

namespace Octet.Operators;

/// <summary>The mean of each window.</summary>
public sealed class AveragePool : Operator
{
    /// <inheritdoc/>
    public override string OpType => "AveragePool";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => true;
}
