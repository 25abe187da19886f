using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Clamps between two bounds, inputs 1 and 2 since operator set 11.</summary>
public sealed class Clip : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Clip";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.Input(1) is { IsConstant: false } || node.Input(2) is { IsConstant: false }
            ? new OperatorRole.Refused("its bounds are not constant")
            : new OperatorRole.Clamping(
                node.Input(1)?.Constant!.ToFloats()[0] ?? float.NegativeInfinity, node.Input(2)?.Constant!.ToFloats()[0] ?? float.PositiveInfinity);
}
