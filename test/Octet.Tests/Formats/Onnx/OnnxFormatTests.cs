using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Formats.Onnx;

public sealed class OnnxFormatTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("octet-onnx-");

    public void Dispose() => folder.Delete(recursive: true);

    [SharedFact("imagenet/mobilenet_v2_bn.onnx")]
    public void ARealModel_ReadAndWritten_IsTheSameMessage()
    {
        var path = SharedData.PathOf("imagenet/mobilenet_v2_bn.onnx");
        var before = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var model = OnnxFormat.Read(path);
        Assert.Empty(model.Graph.Verify());
        var after = ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(model));
        Assert.Equal(before.OpsetImport, after.OpsetImport);
        Assert.Equal(before.IrVersion, after.IrVersion);
        Assert.Equal(before.ProducerName, after.ProducerName);
        Assert.Equal(before.Graph.Input, after.Graph.Input);
        Assert.Equal(before.Graph.Output, after.Graph.Output);
        Assert.Equal(before.Graph.Initializer, after.Graph.Initializer);
        Assert.Equal(before.Graph.Node.Count, after.Graph.Node.Count);
        Assert.Equal(before.Graph.Node.Select(n => n.Name), after.Graph.Node.Select(n => n.Name));
    }

    [Fact]
    public void ToBytes_OfAModelThatWasRead_GivesTheSameBytesEveryTime()
    {
        var first = OnnxFormat.ToBytes(OnnxSamples.Model());
        var second = OnnxFormat.ToBytes(OnnxFormat.Read(first, "again"));
        var third = OnnxFormat.ToBytes(OnnxFormat.Read(second, "again"));
        Assert.Equal(second, third);
    }

    [Fact]
    public void Write_WhenTheFolderIsMissing_ReportsItAndLeavesNothing()
    {
        var path = Path.Combine(folder.FullName, "missing", "model.onnx");
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Write(OnnxSamples.Model(), path));
        Assert.Equal(ErrorCodes.OutputNotWritable, error.Code);
        Assert.Empty(folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Write_OverAnExistingFile_ReplacesItAndLeavesNothingBeside()
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllText(path, "old");
        OnnxFormat.Write(OnnxSamples.Model(), path);
        Assert.Equal(["x"], OnnxFormat.Read(path).Graph.Inputs.Select(i => i.Name));
        Assert.Equal(["model.onnx"], folder.EnumerateFileSystemInfos().Select(f => f.Name));
    }

    [Fact]
    public void Write_WithExternalData_PutsLargeTensorsBesideAndReadMapsThem()
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        var model = OnnxSamples.Model();
        var weights = Enumerable.Range(0, 3000).Select(i => (float)i).ToArray();
        model.Graph.AddConstant("large", Tensor.FromArray(weights, new Shape(3000)));
        OnnxFormat.Write(model, path, new OnnxWriteOptions { ExternalData = ExternalDataMode.Always });
        Assert.Equal(12000, new FileInfo(path + ".data").Length);

        var read = OnnxFormat.Read(path).Graph.Find("large")!.Constant!;
        Assert.IsType<MappedStorage>(read.Storage);
        Assert.Equal(weights, read.ToFloats());
        Assert.IsNotType<MappedStorage>(OnnxFormat.Read(path).Graph.Find("w")!.Constant!.Storage);
    }

    [Fact]
    public void Write_OverTheDataFileThatTheModelReads_IsRefused()
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        var always = new OnnxWriteOptions { ExternalData = ExternalDataMode.Always, ExternalThreshold = 1 };
        OnnxFormat.Write(OnnxSamples.Model(), path, always);
        var before = File.ReadAllBytes(path + ".data");
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Write(OnnxFormat.Read(path), path, always));
        Assert.Equal(ErrorCodes.OutputNotWritable, error.Code);
        Assert.Equal(before, File.ReadAllBytes(path + ".data"));
    }

    [Fact]
    public void Read_WhenThereIsNoFile_SaysSo()
    {
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Read(Path.Combine(folder.FullName, "no.onnx")));
        Assert.Equal(ErrorCodes.ModelNotReadable, error.Code);
    }

    [Fact]
    public void Read_OfAFolder_SaysThatItCannotBeRead()
    {
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Read(folder.FullName));
        Assert.Equal(ErrorCodes.ModelNotReadable, error.Code);
    }
}
