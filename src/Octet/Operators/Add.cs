using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Sum of two tensors.</summary>
public sealed class Add : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Add";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([0, 1]);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => node.Inputs.All(i => i is { IsConstant: false });
}
