using Octet.Graphs;

namespace Octet.Operators;

/// <summary>x, or a slope a channel times x below zero.</summary>
public sealed class PRelu : Operator
{
    /// <inheritdoc/>
    public override string OpType => "PRelu";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0]);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => node.Input(1) is { IsConstant: true };
}
