using System.Security.Cryptography;
using Octet.Formats.Onnx;
using Octet.Tests.Data;

namespace Octet.Tests.Formats.Onnx;

public sealed class SourceIdentityTests
{
    [Fact]
    public void Of_AFile_IsItsHashAndSize()
    {
        using var folder = new DataFolder();
        string path = folder.PathOf("model.onnx");
        OnnxFormat.Write(OnnxSamples.Model(), path);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(new SourceIdentity(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), SourceIdentity.Of(OnnxFormat.Read(path)));
    }

    [Fact]
    public void Of_AModelWithExternalData_CoversTheData()
    {
        using var folder = new DataFolder();
        string path = folder.PathOf("model.onnx");
        OnnxFormat.Write(OnnxSamples.Model(), path, new OnnxWriteOptions { ExternalData = ExternalDataMode.Always, ExternalThreshold = 1 });
        byte[] bytes = [.. File.ReadAllBytes(path), .. File.ReadAllBytes(path + ".data")];
        Assert.Equal(new SourceIdentity(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), SourceIdentity.Of(OnnxFormat.Read(path)));
    }
}
