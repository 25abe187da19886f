using Octet.Graphs;

namespace Octet.Operators;

/// <summary>The greatest of several tensors, element by element: one of their own values.</summary>
public sealed class Max : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Max";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.Computing([.. Enumerable.Range(0, node.Inputs.Count)]);

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => node.Inputs.All(i => i is { IsConstant: false });
}
