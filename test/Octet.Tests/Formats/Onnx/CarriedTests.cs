using Google.Protobuf;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Formats.Onnx;

/// <summary>What a graph does not look at is in the written file as it was in the file that was read.</summary>
public sealed class CarriedTests
{
    public static TheoryData<ElementType> FixedWidthTypes => [.. Enum.GetValues<ElementType>().Where(t => t.BitWidth() > 0)];

    [Fact]
    public void OneOfEverything_ReadAndWritten_IsTheSameMessage()
    {
        var before = OnnxSamples.Everything();
        var model = OnnxFormat.Read(before.ToByteArray(), "everything");
        Assert.Empty(model.Graph.Verify());
        Assert.Equal(before, ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(model)));

        // Writing changes nothing of the model.
        Assert.Equal(before, ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(model)));
        Assert.Equal(before, ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(model.Clone())));
    }

    [Fact]
    public void FieldsThatTheSchemaDoesNotHave_AreKept()
    {
        byte[] bytes = [.. OnnxSamples.Everything().ToByteArray(), .. WireBytes.Text(77, "of a later version")];
        var written = OnnxFormat.ToBytes(OnnxFormat.Read(bytes, "later"));
        Assert.Equal(ModelProto.Parser.ParseFrom(bytes), ModelProto.Parser.ParseFrom(written));
    }

    [Theory]
    [MemberData(nameof(FixedWidthTypes))]
    public void ATensorOfEveryType_KeepsItsBytes(ElementType type)
    {
        var tensor = OnnxSamples.Weights("w", type, [5], (int)type.ByteCount(5));
        var model = new ModelProto { IrVersion = 10, OpsetImport = { new OperatorSetIdProto { Version = 21 } }, Graph = new GraphProto { Name = "g", Initializer = { tensor } } };
        var read = OnnxFormat.Read(model.ToByteArray(), "types");
        Assert.Equal(type, read.Graph.Find("w")!.Constant!.Type);
        Assert.Equal([tensor], ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(read)).Graph.Initializer);
    }

    [Theory]
    [InlineData(ElementType.Int4, new byte[] { 0x21, 0x0F }, new long[] { 3 }, "210F")]
    [InlineData(ElementType.UInt2, new byte[] { 0xE4, 1 }, new long[] { 4 }, "E4")]
    [InlineData(ElementType.Int8, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2 }, new long[] { 2 }, "FF02")]
    [InlineData(ElementType.Float16, new byte[] { 0x80, 0x78 }, new long[] { 1 }, "003C")]
    [InlineData(ElementType.Boolean, new byte[] { 1, 0 }, new long[] { 2 }, "0100")]
    public void TypedNumbers_BecomeTheRawBytesThatTheyMean(ElementType type, byte[] packed, long[] dims, string raw)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)type, Dims = { dims }, Int32Data = { ByteString.CopyFrom(packed) } };
        var model = new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "g", Initializer = { tensor } } };
        var read = OnnxFormat.Read(model.ToByteArray(), "typed").Graph.Find("w")!.Constant!;
        Assert.Equal(raw, Convert.ToHexString(read.Storage.ToMemory().Span));
    }

    [Fact]
    public void NodesInTheWrongOrder_AreSorted()
    {
        var proto = OnnxSamples.Everything();
        var reversed = proto.Graph.Node.Reverse().ToArray();
        proto.Graph.Node.Clear();
        proto.Graph.Node.AddRange(reversed);
        var model = OnnxFormat.Read(proto.ToByteArray(), "reversed");
        Assert.Empty(model.Graph.Verify());
        Assert.Equal("if", model.Graph.Nodes.Last().Name);
    }
}
