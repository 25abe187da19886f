using Octet.Graphs;

namespace Octet.Operators;

/// <summary>The mean of each channel.</summary>
public sealed class GlobalAveragePool : Operator
{
    /// <inheritdoc/>
    public override string OpType => "GlobalAveragePool";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => true;
}
