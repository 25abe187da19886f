using Octet.Numerics;

namespace Octet.Planning.Targets;

/// <summary>The least that every int8 chip can do: signed, symmetric, one scale a tensor.</summary>
public static class GenericTarget
{
    private static readonly OperatorRule Own = new();
    private static readonly OperatorRule Shared = new() { SharedScale = true };

    /// <summary>The table.</summary>
    public static Target Table { get; } = new()
    {
        Name = "generic",
        Description = "int8 activations and weights, symmetric, one scale a tensor",
        Activations = QuantType.Int8,
        SymmetricActivations = true,
        Weights = QuantType.Int8,
        Operators = OperatorTable.Of(
            (Own, ["Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Mul", "AveragePool", "GlobalAveragePool", "ReduceMean"]),
            (Own, ["LeakyRelu", "PRelu", "Sigmoid", "HardSigmoid", "Tanh", "Softmax", "HardSwish"]),
            (Shared, ["Concat", "Max", "Min", "MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Split", "Gather"]),
            (Shared, ["Pad", "Resize", "DepthToSpace", "SpaceToDepth"])),
    };
}
