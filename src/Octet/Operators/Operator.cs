using Octet.Graphs;

namespace Octet.Operators;

/// <summary>What Octet knows of an ONNX operator. One file an operator, listed in <see cref="OperatorCatalog"/>; unknown operators stay float.</summary>
public abstract class Operator
{
    /// <summary>The operator's name in ONNX.</summary>
    public abstract string OpType { get; }

    /// <summary>The operator's set; ONNX's own by default.</summary>
    public virtual string Domain => string.Empty;

    /// <summary>What a node of this operator does, or why it cannot be quantized.</summary>
    public abstract OperatorRole RoleOf(Node node);

    /// <summary>
    /// Whether multiplying a channel (axis 1) of all data inputs by a positive number multiplies that channel of the output by the same number.
    /// False by default.
    /// </summary>
    public virtual bool ScalesByChannel(Node node) => false;
}
