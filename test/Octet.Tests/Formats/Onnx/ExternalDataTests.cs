using System.Runtime.InteropServices;
using Google.Protobuf;
using Octet.Formats.Onnx;
using Octet.Numerics;

namespace Octet.Tests.Formats.Onnx;

/// <summary>External data are read from the model's folder and from nowhere else.</summary>
public sealed partial class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ExternalDataTests()
    {
        Directory.CreateDirectory(folder["model/inner"]);
        File.WriteAllBytes(folder["model/w.bin"], new byte[24]);
        File.WriteAllBytes(folder["model/inner/w.bin"], new byte[24]);
        File.WriteAllBytes(folder["outside.bin"], new byte[24]);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("w.bin")]
    [InlineData("./w.bin")]
    [InlineData("inner/w.bin")]
    [InlineData("inner//w.bin")]
    [InlineData("inner\\w.bin")]
    public void ALocationInsideTheFolder_IsRead(string location)
        => Assert.Equal(new float[6], OnnxFormat.Read(Write(location)).Graph.Find("w")!.Constant!.ToFloats());

    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("inner/../w.bin")]
    [InlineData("inner/../../outside.bin")]
    [InlineData("..\\outside.bin")]
    [InlineData("inner\\..\\..\\outside.bin")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("/dev/zero")]
    [InlineData("\\\\server\\share\\w.bin")]
    [InlineData("\\w.bin")]
    [InlineData("C:\\w.bin")]
    [InlineData("c:w.bin")]
    [InlineData("file:///etc/passwd")]
    [InlineData("w.bin:stream")]
    [InlineData("w.bin\0")]
    public void ALocationOutsideTheFolder_IsRefused(string location)
        => Assert.Equal(ErrorCodes.ExternalDataOutside, ErrorOf(Write(location)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("missing.bin")]
    [InlineData("inner")]
    [InlineData(".")]
    [InlineData("W.BIN/w.bin")]
    [InlineData("w.bin/w.bin")]
    public void ALocationThatIsNoFile_IsRefused(string location)
        => Assert.Equal(ErrorCodes.ExternalDataInvalid, ErrorOf(Write(location)).Code);

    [Fact]
    public void ALocationLongerThanAnyPath_IsRefused()
        => Assert.Equal(ErrorCodes.ExternalDataInvalid, ErrorOf(Write(new string('a', 100_000))).Code);

    [Theory]
    [InlineData("1", null, "it takes bytes 1 to 25 of \"w.bin\", which has 24")]
    [InlineData("9223372036854775807", null, "which has 24")]
    [InlineData("-1", null, "offset \"-1\"")]
    [InlineData("0x10", null, "offset \"0x10\"")]
    [InlineData("99999999999999999999", null, "offset \"99999999999999999999\"")]
    [InlineData("0", "23", "its dimensions take 24 bytes, but its external data have length 23")]
    [InlineData("0", "", "length \"\"")]
    public void AnOffsetOrLengthThatDoesNotFit_IsRefused(string offset, string? length, string says)
    {
        var error = ErrorOf(Write("w.bin", offset, length));
        Assert.Equal(ErrorCodes.ExternalDataInvalid, error.Code);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
        Assert.Contains("tensor \"w\"", error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link.bin", "../outside.bin")]
    [InlineData("link.bin", "w.bin")]
    [InlineData("link.bin", "/dev/zero")]
    public void AFileThatIsALink_IsRefused(string name, string target)
    {
        File.CreateSymbolicLink(folder["model/" + name], target);
        Assert.Equal(ErrorCodes.ExternalDataOutside, ErrorOf(Write(name)).Code);
    }

    [Fact]
    public void AFolderThatIsALink_IsRefused()
    {
        Directory.CreateSymbolicLink(folder["model/out"], folder.Path);
        Assert.Equal(ErrorCodes.ExternalDataOutside, ErrorOf(Write("out/outside.bin")).Code);
    }

    [Fact]
    public void TheModelsOwnFolder_MayBeALink()
    {
        Write("w.bin");
        Directory.CreateSymbolicLink(folder["alias"], folder["model"]);
        Assert.Equal(new float[6], OnnxFormat.Read(folder["alias/model.onnx"]).Graph.Find("w")!.Constant!.ToFloats());
    }

    [Fact]
    public void APipeAmongTheFiles_IsRefusedAndNotWaitedFor()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(0, MakePipe(folder["model/pipe.bin"], 0b110_000_000));
        Assert.Equal(ErrorCodes.ExternalDataInvalid, ErrorOf(Write("pipe.bin")).Code);
    }

    [Fact]
    public void AModelReadFromAPipe_IsRefusedAndNotWaitedFor()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(0, MakePipe(folder["model.onnx"], 0b110_000_000));
        Assert.Equal(3, ErrorOf(folder["model.onnx"]).ExitStatus);
    }

    private static OctetException ErrorOf(string path) => Assert.Throws<OctetException>(() => OnnxFormat.Read(path));

    private string Write(string location, string? offset = null, string? length = null)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)ElementType.Float32, Dims = { 2, 3 }, DataLocation = TensorProto.Types.DataLocation.External };
        foreach (var (key, value) in new[] { ("location", location), ("offset", offset), ("length", length) })
        {
            if (value is not null)
            {
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            }
        }

        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g", Initializer = { tensor } } };
        string path = folder["model/model.onnx"];
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
