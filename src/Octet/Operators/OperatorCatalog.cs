using Octet.Graphs;

namespace Octet.Operators;

/// <summary>The list of all operators that Octet knows.</summary>
public static class OperatorCatalog
{
    /// <summary>All operators, by name.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new Add(),
        new AveragePool(),
        new Clip(),
        new Concat(),
        new Conv(),
        new ConvTranspose(),
        new DepthToSpace(),
        new Div(),
        new Expand(),
        new Flatten(),
        new Gather(),
        new Gelu(),
        new Gemm(),
        new GlobalAveragePool(),
        new HardSigmoid(),
        new HardSwish(),
        new LeakyRelu(),
        new MatMul(),
        new Max(),
        new MaxPool(),
        new Min(),
        new Mul(),
        new PRelu(),
        new Pad(),
        new ReduceMean(),
        new Relu(),
        new Reshape(),
        new Resize(),
        new Sigmoid(),
        new Slice(),
        new Softmax(),
        new SpaceToDepth(),
        new Split(),
        new Squeeze(),
        new Sub(),
        new Tanh(),
        new Tile(),
        new Transpose(),
        new Unsqueeze(),
    ];

    private static readonly Dictionary<(string, string), Operator> ByName = All.ToDictionary(o => (o.Domain, o.OpType));

    /// <summary>What a node does; refused where Octet does not know its operator.</summary>
    public static OperatorRole RoleOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return ByName.TryGetValue((node.Domain, node.OpType), out var known)
            ? known.RoleOf(node)
            : new OperatorRole.Refused($"Octet knows no integer form of {(node.Domain.Length > 0 ? node.Domain + "." : string.Empty)}{node.OpType}");
    }

    /// <summary>Whether a node's output scales with its data inputs channel by channel (<see cref="Operator.ScalesByChannel"/>); false where Octet does not know its operator.</summary>
    public static bool ScalesByChannel(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return ByName.TryGetValue((node.Domain, node.OpType), out var known) && known.ScalesByChannel(node);
    }
}
