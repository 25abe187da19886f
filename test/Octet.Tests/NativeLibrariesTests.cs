using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Octet.Tests;

public sealed class NativeLibrariesTests
{
    [Fact]
    public void OnnxRuntime_IsTheVersionThatTheDocumentsName() => Assert.Equal("1.29.0", OrtEnv.Instance().GetVersionString());

    [SharedFact("mnist")]
    public void InferenceSession_OnASharedModel_Opens()
    {
        var model = Directory.EnumerateFiles(SharedData.PathOf("mnist"), "*.onnx").Order(StringComparer.Ordinal).First();
        using var session = new InferenceSession(model);
        Assert.NotEmpty(session.InputNames);
    }

    [Fact]
    public unsafe void Libvips_ThroughTheAssemblysResolver_Starts()
    {
        var library = NativeLibraries.Load(NativeLibraries.Vips);
        var init = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "vips_init");
        fixed (byte* name = "octet\0"u8)
        {
            Assert.Equal(0, init(name));
        }
    }
}
