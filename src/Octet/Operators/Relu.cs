using Octet.Graphs;

namespace Octet.Operators;

/// <summary>max(x, 0).</summary>
public sealed class Relu : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Relu";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Clamping(0, float.PositiveInfinity);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => true;
}
