using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Adds borders; a border of zeros or copies of values keeps the scale.</summary>
public sealed class Pad : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Pad";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.GetText("mode", "constant") != "constant" || node.Input(2) is null || (node.Input(2) is { IsConstant: true, Constant: var value } && value!.ToFloats().All(v => v == 0))
            ? new OperatorRole.PassThrough()
            : new OperatorRole.Computing([0]);
}
