namespace Octet;

/// <summary>What runs a model.</summary>
public enum Engine
{
    /// <summary>Octet's own integer arithmetic; what has no integer form runs as floats.</summary>
    Integer,

    /// <summary>ONNX Runtime, with its exact kernels.</summary>
    OnnxRuntime,
}
