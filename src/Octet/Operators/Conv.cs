using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Convolution. Weights [out, in/group, kernel…], one output channel a row.</summary>
public sealed class Conv : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Conv";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.Input(1) is not { IsConstant: true } ? new OperatorRole.Refused("its weights are not constant")
            : node.Input(2) is { IsConstant: false } ? new OperatorRole.Refused("its bias is not constant")
            : new OperatorRole.Weighted(1, 2, 0);
}
