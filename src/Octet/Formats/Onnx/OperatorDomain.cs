namespace Octet.Formats.Onnx;

/// <summary>Names of operator sets.</summary>
internal static class OperatorDomain
{
    /// <summary>ONNX's own set has two names, the empty one and <c>ai.onnx</c>: a graph knows only the empty one.</summary>
    public static string Normalize(string domain) => domain == "ai.onnx" ? string.Empty : domain;
}
