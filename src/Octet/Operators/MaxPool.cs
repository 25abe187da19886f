using Octet.Graphs;

namespace Octet.Operators;

/// <summary>The largest value of each window: one of the input's own.</summary>
public sealed class MaxPool : Operator
{
    /// <inheritdoc/>
    public override string OpType => "MaxPool";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node) => new OperatorRole.PassThrough();

    /// <inheritdoc/>
    public override bool ScalesByChannel(Node node) => true;
}
