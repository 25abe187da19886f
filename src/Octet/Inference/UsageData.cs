using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Octet.Inference;

/// <summary>
/// ONNX Runtime 1.29 for Linux and macOS sends usage data to its makers, and leaves files in the temporary folder for that, unless
/// its environment says no before it starts. Octet works on other people's models and says no.
/// </summary>
internal static partial class UsageData
{
    private const string Switch = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> Refused = new(static () =>
    {
        // The runtime reads the process's own environment, which .NET's copy does not reach except on Windows.
        Environment.SetEnvironmentVariable(Switch, "1");
        if (!OperatingSystem.IsWindows())
        {
            _ = setenv(Switch, "1", 1);
        }

        // For a program that has started the runtime before Octet did.
        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    });

    /// <summary>Call it before anything of the runtime's; any number of calls from any thread.</summary>
    internal static void Refuse() => _ = Refused.Value;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
