using Octet.Graphs;

namespace Octet.Operators;

/// <summary>Enlarges or shrinks; nearest keeps values, the other modes blend neighbours within their range (cubic may leave it).</summary>
public sealed class Resize : Operator
{
    /// <inheritdoc/>
    public override string OpType => "Resize";

    /// <inheritdoc/>
    public override OperatorRole RoleOf(Node node)
        => node.GetText("mode", "nearest") is "nearest" or "linear" ? new OperatorRole.PassThrough() : new OperatorRole.Computing([0]);
}
