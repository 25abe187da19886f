using Google.Protobuf;
using Octet.Formats.Onnx;
using Octet.Numerics;

namespace Octet.Tests.Formats.Onnx;

/// <summary>Files that are no sound model: one coded error each, which names the place.</summary>
public sealed class BadModelTests
{
    public static TheoryData<string> Cases => [.. Changes.Keys];

    private static Dictionary<string, (string Code, string Says, Action<ModelProto> Change)> Changes { get; } = new()
    {
        ["no graph"] = (ErrorCodes.ModelMalformed, "it holds no graph", m => m.Graph = null),
        ["a cycle"] = (ErrorCodes.GraphCyclic, "3 nodes wait for each other's results, among them node \"add\" (Add)", m => m.Graph.Node[1].Input[1] = "custom"),
        ["a node that reads itself"] = (ErrorCodes.GraphCyclic, "\"add\"", m => m.Graph.Node[1].Input[1] = "sum"),
        ["a cycle through a subgraph"] = (ErrorCodes.GraphCyclic, "wait for each other", m => m.Graph.Node[1].Input[1] = "y"),
        ["an undefined input"] = (ErrorCodes.UndefinedValue, "nothing defines its input \"nowhere\"", m => m.Graph.Node[1].Input[1] = "nowhere"),
        ["an undefined output"] = (ErrorCodes.UndefinedValue, "nothing defines the graph's output \"nowhere\"", m => m.Graph.Output[0].Name = "nowhere"),
        ["two nodes of one output"] = (ErrorCodes.DuplicateName, "\"sum\"", m => m.Graph.Node[2].Output[1] = "sum"),
        ["one node with an output twice"] = (ErrorCodes.DuplicateName, "two of its outputs are named \"custom\"", m => m.Graph.Node[2].Output[0] = "custom"),
        ["two initializers of one name"] = (ErrorCodes.DuplicateName, "two initializers are named \"w\"", m => m.Graph.Initializer[1].Name = "w"),
        ["two attributes of one name"] = (ErrorCodes.DuplicateName, "\"a_float\"", m => m.Graph.Node[2].Attribute[1].Name = "a_float"),
        ["two versions of an operator set"] = (ErrorCodes.DuplicateName, "21", m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 20 })),
        ["no operator"] = (ErrorCodes.ModelMalformed, "it names no operator", m => m.Graph.Node[1].OpType = ""),
        ["an unknown element type"] = (ErrorCodes.TensorInvalid, "tensor \"w\": element type 99", m => m.Graph.Initializer[0].DataType = 99),
        ["a negative dimension"] = (ErrorCodes.TensorInvalid, "dimensions [2,-3]", m => m.Graph.Initializer[0].Dims[1] = -3),
        ["dimensions beyond 64 bits"] = (ErrorCodes.TensorInvalid, "more than", m => m.Graph.Initializer[0].Dims.Add([1L << 40, 1L << 40])),
        ["dimensions beyond the data"] = (ErrorCodes.TensorInvalid, "takes 8000000004 bytes, but 24 are stored", m => m.Graph.Initializer[0].Dims[0] = 666666667),
        ["bytes beyond 64 bits"] = (ErrorCodes.TensorInvalid, "\"w\"", m => m.Graph.Initializer[0].Dims[0] = long.MaxValue / 4),
        ["too few bytes"] = (ErrorCodes.TensorInvalid, "takes 24 bytes, but 1 are stored", m => m.Graph.Initializer[0].RawData = ByteString.CopyFrom(1)),
        ["too few strings"] = (ErrorCodes.TensorInvalid, "needs 3 strings, but 2 are stored", m => m.Graph.Initializer[2].Dims[0] = 3),
        ["billions of strings"] = (ErrorCodes.TensorInvalid, "but 2 are stored", m => m.Graph.Initializer[2].Dims[0] = 1L << 40),
        ["segments"] = (ErrorCodes.TensorInvalid, "segments", m => m.Graph.Initializer[0].Segment = new()),
        ["an attribute without its graph"] = (ErrorCodes.ModelMalformed, "holds none", m => m.Graph.Node[3].Attribute[0].G = null),
        ["external data from memory"] = (ErrorCodes.ExternalDataInvalid, "has no folder", m => External(m.Graph.Initializer[0])),
        ["external data in a function"] = (ErrorCodes.ExternalDataInvalid, "of a function", m => m.Functions[0].Node[0].Attribute.Add(new AttributeProto { Name = "t", T = External(new TensorProto()) })),
        ["external data of a sparse tensor"] = (ErrorCodes.ExternalDataInvalid, "sparse", m => External(m.Graph.SparseInitializer[0].Values)),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_OfAnUnsoundModel_GivesOneCodedErrorWithThePlace(string what)
    {
        var (code, says, change) = Changes[what];
        var model = OnnxSamples.Everything();
        change(model);
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Read(model.ToByteArray(), "bad.onnx"));
        Assert.Equal(code, error.Code);
        Assert.Equal(3, error.ExitStatus);
        Assert.StartsWith("bad.onnx", error.Problem, StringComparison.Ordinal);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Read_OfAModelCutAnywhere_GivesACodedError()
    {
        // The graph comes before what may be missing: operator sets, metadata, functions.
        var bytes = WireBytes.Model(WireBytes.Field(5, WireBytes.Number(2, 1), WireBytes.Text(8, "w"), WireBytes.Field(9, new byte[4])));
        for (int length = 0; length < bytes.Length; length++)
        {
            var error = Assert.Throws<OctetException>(() => OnnxFormat.Read(bytes.AsMemory(0, length), "cut.onnx"));
            Assert.Equal(ErrorCodes.ModelMalformed, error.Code);
        }

        Assert.NotNull(OnnxFormat.Read(bytes, "whole.onnx").Graph.Find("w"));
    }

    [Fact]
    public void Read_OfRandomBytes_GivesACodedError()
    {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            Assert.Equal(3, Assert.Throws<OctetException>(() => OnnxFormat.Read(bytes, "random.onnx")).ExitStatus);
        }
    }

    private static TensorProto External(TensorProto tensor)
    {
        tensor.DataType = (int)ElementType.Float32;
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        return tensor;
    }
}
