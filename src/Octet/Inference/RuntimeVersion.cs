using Microsoft.ML.OnnxRuntime;

namespace Octet.Inference;

/// <summary>Which ONNX Runtime runs the models.</summary>
public static class RuntimeVersion
{
    /// <summary>For example <c>1.29.0</c>.</summary>
    public static string OnnxRuntime { get; } = OrtEnv.Instance().GetVersionString();
}
