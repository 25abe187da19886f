using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Transposed convolution. Weights [in, out/group, kernel…]; with several groups a channel of the weights serves several outputs.</summary>
public sealed class ConvTranspose : Operator
{
    /// <inheritdoc/>
    public override string OpType => "ConvTranspose";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.Input(1) is not { IsConstant: true } ? new OperatorRole.Refused("its weights are not constant")
            : node.Input(2) is { IsConstant: false } ? new OperatorRole.Refused("its bias is not constant")
            : new OperatorRole.Weighted(1, 2, 1);
}
