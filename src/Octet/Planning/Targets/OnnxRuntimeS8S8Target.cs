using Octet.Numerics;

namespace Octet.Planning.Targets;

/// <summary>ONNX Runtime where signed activations are faster: ARM processors, and accelerators that want int8 throughout.</summary>
/// <remarks>On x64, ONNX Runtime leaves operators float where several read one tensor with signed activations: <see cref="OnnxRuntimeTarget"/> is faster there.</remarks>
public static class OnnxRuntimeS8S8Target
{
    /// <summary>The table: that of <see cref="OnnxRuntimeTarget"/> with signed activations.</summary>
    public static Target Table { get; } = OnnxRuntimeTarget.Table with
    {
        Name = "onnxruntime-s8s8",
        Description = "ONNX Runtime with int8 asymmetric activations, int8 symmetric weights per channel",
        Activations = QuantType.Int8,
    };
}
