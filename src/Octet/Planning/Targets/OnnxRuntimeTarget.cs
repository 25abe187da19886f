using Octet.Numerics;

namespace Octet.Planning.Targets;

/// <summary>ONNX Runtime on x64 processors: uint8 activations, int8 weights, a scale for each output channel.</summary>
public static class OnnxRuntimeTarget
{
    private static readonly OperatorRule Own = new();
    private static readonly OperatorRule Shared = new() { SharedScale = true };

    /// <summary>The table: what the processor kernels of ONNX Runtime 1.29 fuse Q/DQ pairs into.</summary>
    public static Target Table { get; } = new()
    {
        Name = "onnxruntime",
        Description = "ONNX Runtime: uint8 asymmetric activations, int8 symmetric weights per channel",
        Activations = QuantType.UInt8,
        Weights = QuantType.Int8,
        PairSumsMaySaturate = true,
        FloatTail = true,
        Operators = OperatorTable.Of(
            (new OperatorRule { PerChannelWeights = true }, ["Conv"]),
            (new OperatorRule { PerChannelWeights = true, FloatOutput = true }, ["Gemm", "MatMul"]),
            (Own, ["Add", "Mul", "Concat", "AveragePool", "GlobalAveragePool", "LeakyRelu", "Sigmoid", "Softmax"]),
            (Shared, ["MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Split", "Gather"]),
            (Shared, ["Tile", "Expand", "DepthToSpace"]),
            (new OperatorRule { SharedScale = true, Modes = ["nearest"] }, ["Resize"])),
    };
}
