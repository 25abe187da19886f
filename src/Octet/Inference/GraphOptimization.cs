namespace Octet.Inference;

/// <summary>How far ONNX Runtime rewrites a model before it runs it.</summary>
public enum GraphOptimization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Redundant nodes go; results stay the same.</summary>
    Basic,

    /// <summary>Operators are fused, too, among them Q/DQ pairs into integer kernels.</summary>
    Extended,

    /// <summary>Memory layouts change, too: the fastest, for models whose inner tensors nobody asks for.</summary>
    All,
}
