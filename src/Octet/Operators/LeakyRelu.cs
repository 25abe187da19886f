using Octet.Graphs;

namespace Octet.Operators;

/// <summary>x, or α·x below zero.</summary>
public sealed class LeakyRelu : Operator
{
    /// <inheritdoc/>
    public override string OpType => "LeakyRelu";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => true;
}
