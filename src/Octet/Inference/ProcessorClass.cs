using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Octet.Inference;

/// <summary>Which of ONNX Runtime's float kernels run here: processors of one class give the same float results to the bit, others may differ in the last.</summary>
public static class ProcessorClass
{
    /// <summary>For example <c>x64-avx512</c>.</summary>
    public static string Current { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x64" + (Avx512F.IsSupported ? "-avx512" : Fma.IsSupported ? "-fma3" : Avx.IsSupported ? "-avx" : string.Empty),
        var other => other.ToString().ToLowerInvariant(),
    };
}
