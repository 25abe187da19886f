using Google.Protobuf.Reflection;
using Octet.Formats.Onnx;

namespace Octet.Tests.Formats.Onnx;

/// <summary>What hostile files are made of, and that the scan's table says what the schema says.</summary>
public sealed class WireScanTests
{
    /// <summary>Eight megabytes of what takes two to five bytes in a file and up to a kilobyte in memory.</summary>
    public static TheoryData<string> Bombs => [.. Units.Keys];

    private static Dictionary<string, Func<byte[]>> Units { get; } = new()
    {
        ["nodes"] = () => WireBytes.Model(Many([0x0A, 0])),
        ["initializers"] = () => WireBytes.Model(Many([0x2A, 0])),
        ["inputs"] = () => WireBytes.Model(Many([0x5A, 0])),
        ["value infos"] = () => WireBytes.Model(Many([0x6A, 0])),
        ["quantization annotations"] = () => WireBytes.Model(Many([0x72, 0])),
        ["sparse initializers"] = () => WireBytes.Model(Many([0x7A, 0])),
        ["graph metadata"] = () => WireBytes.Model(Many([0x82, 1, 0])),
        ["node inputs"] = () => WireBytes.Model(WireBytes.Field(1, Many([0x0A, 0]))),
        ["node outputs"] = () => WireBytes.Model(WireBytes.Field(1, Many([0x12, 1, 65]))),
        ["attributes"] = () => WireBytes.Model(WireBytes.Field(1, Many([0x2A, 0]))),
        ["attribute strings"] = () => WireBytes.Model(WireBytes.Field(1, WireBytes.Field(5, Many([0x4A, 0])))),
        ["attribute integers"] = () => WireBytes.Model(WireBytes.Field(1, WireBytes.Field(5, WireBytes.Field(8, Many([1]))))),
        ["attribute graphs"] = () => WireBytes.Model(WireBytes.Field(1, WireBytes.Field(5, Many([0x5A, 0])))),
        ["attribute tensors"] = () => WireBytes.Model(WireBytes.Field(1, WireBytes.Field(5, Many([0x52, 0])))),
        ["tensor dimensions"] = () => WireBytes.Model(WireBytes.Field(5, Many([8, 1]))),
        ["packed tensor dimensions"] = () => WireBytes.Model(WireBytes.Field(5, WireBytes.Field(1, Many([1])))),
        ["tensor strings"] = () => WireBytes.Model(WireBytes.Field(5, Many([0x32, 0]))),
        ["empty packed numbers"] = () => WireBytes.Model(WireBytes.Field(5, Many([0x3A, 0]))),
        ["type dimensions"] = () => WireBytes.Model(WireBytes.Field(11, WireBytes.Field(2, WireBytes.Field(1, WireBytes.Field(2, Many([0x0A, 0])))))),
        ["model metadata"] = () => Many([0x72, 0]),
        ["operator sets"] = () => Many([0x42, 0]),
        ["functions"] = () => Many([0xCA, 1, 0]),
        ["function nodes"] = () => WireBytes.Field(25, Many([0x3A, 0])),
        ["training steps"] = () => Many([0xA2, 1, 0]),
        ["unknown numbers"] = () => Many([0xF8, 1, 1]),
        ["unknown bytes"] = () => Many([0xFA, 1, 0]),
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Read_OfTooManyElements_IsRefusedBeforeAnythingIsMadeOfThem(string what)
    {
        var bytes = Units[what]();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Read(bytes, "bomb.onnx"));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(ErrorCodes.ModelTooManyElements, error.Code);
        Assert.True(allocated < 1 << 20, $"{allocated} bytes were allocated");
    }

    [Fact]
    public void Measure_OfWeights_IsTwiceTheirSize()
    {
        var bytes = WireBytes.Model(WireBytes.Field(5, WireBytes.Number(2, 1), WireBytes.Text(8, "w"), WireBytes.Field(9, new byte[1 << 20])));
        Assert.InRange(WireScan.Measure(bytes, "x", long.MaxValue), 2 << 20, (2 << 20) + 5000);
    }

    [Fact]
    public void Measure_OfARealNode_IsLessThanSixKilobytes()
    {
        // An unrolled language model has 20,000 nodes and little more in its file when its weights are external.
        var node = WireBytes.Field(
            1,
            WireBytes.Text(1, "/model/layers.0/attn/MatMul_output_0"),
            WireBytes.Text(1, "model.layers.0.attn.weight"),
            WireBytes.Text(2, "/model/layers.0/attn/Transpose_output_0"),
            WireBytes.Text(3, "/model/layers.0/attn/Transpose"),
            WireBytes.Text(4, "Transpose"),
            WireBytes.Field(5, WireBytes.Text(1, "perm"), WireBytes.Field(8, [0, 2, 1, 3]), WireBytes.Number(20, 7)));
        Assert.InRange(WireScan.Measure(WireBytes.Model(node), "x", long.MaxValue) - WireScan.Measure(WireBytes.Model(), "x", long.MaxValue), 1000, 6000);
    }

    [Fact]
    public void Read_OfGraphsNestedAsDeeplyAsProtobufReads_Succeeds()
        => Assert.Equal(1, OnnxFormat.Read(WireBytes.NestedModel(33), "nested.onnx").Graph.NodeCount);

    [Theory]
    [InlineData(34)]
    [InlineData(3000)]
    public void Read_OfGraphsNestedTooDeeply_IsRefused(int depth)
    {
        var bytes = WireBytes.NestedModel(depth);
        Assert.Equal(ErrorCodes.ModelTooDeep, Assert.Throws<OctetException>(() => OnnxFormat.Read(bytes, "nested.onnx")).Code);
    }

    [Fact]
    public void Read_OfTypesNestedTooDeeply_IsRefused()
    {
        var type = Array.Empty<byte>();
        for (int i = 0; i < 5000; i++)
        {
            type = WireBytes.Field(4, WireBytes.Field(1, type));
        }

        var bytes = WireBytes.Model(WireBytes.Field(11, WireBytes.Text(1, "x"), WireBytes.Field(2, type)));
        Assert.Equal(ErrorCodes.ModelTooDeep, Assert.Throws<OctetException>(() => OnnxFormat.Read(bytes, "nested.onnx")).Code);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("00", "byte 0 names a field that no message has")]
    [InlineData("0B0C", "byte 1 begins a value of wire type 3")]
    [InlineData("0E", "byte 1 begins a value of wire type 6")]
    [InlineData("3A", "byte 1 begins a number that is cut off")]
    [InlineData("3AFFFFFFFF07", "byte 1 begins a value of 2147483647 bytes, but only 0 are left")]
    [InlineData("3AFFFFFFFFFFFFFFFF7F00", "bytes, but only 1 are left")]
    [InlineData("3A0412FF0161", "byte 3 begins a value of 255 bytes, but only 1 are left")]
    [InlineData("08FFFFFFFFFFFFFFFFFFFF01", "byte 1 begins a number of more than 10 bytes")]
    [InlineData("8A80808080800100", "byte 0 names a field that no message has")]
    [InlineData("3A042A022001", "begins a number of a tensor that stands by itself")]
    [InlineData("4865 6C6C 6F2C 2077 6F72 6C64", "byte")]
    public void Read_OfWhatIsNoMessage_NamesTheByte(string hex, string problem)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        var error = Assert.Throws<OctetException>(() => OnnxFormat.Read(bytes, "damaged.onnx"));
        Assert.Equal(ErrorCodes.ModelMalformed, error.Code);
        Assert.StartsWith("damaged.onnx: ", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTable_SaysWhatTheSchemaSays()
    {
        var pending = new Stack<(WireMessage Message, MessageDescriptor Descriptor)>([(WireMessage.Model, ModelProto.Descriptor)]);
        var seen = new Dictionary<WireMessage, MessageDescriptor>();
        while (pending.TryPop(out var next))
        {
            if (!seen.TryAdd(next.Message, next.Descriptor))
            {
                Assert.Same(seen[next.Message], next.Descriptor);
                continue;
            }

            var fields = next.Descriptor.Fields.InFieldNumberOrder();
            int lists = fields.Count(f => f.IsRepeated);
            Assert.InRange(WireSchema.Memory(next.Message), 24 + (8 * fields.Count) + (32 * lists), 1500);
            for (int number = 0; number < 32; number++)
            {
                var known = WireSchema.Field(next.Message, (uint)number);
                var field = next.Descriptor.FindFieldByNumber(number);
                Assert.True(KindOf(field) == known.Kind, $"{next.Descriptor.Name}, field {number}: {known.Kind}");
                Assert.True(field?.IsRepeated == true == known.IsList, $"{next.Descriptor.Name}, field {number} is a list or none");
                if (field?.FieldType == FieldType.Message)
                {
                    pending.Push((known.Inner, field.MessageType));
                }
            }

            Assert.True(fields.Count == 0 || fields[^1].FieldNumber < 32);
        }

        Assert.Equal(Enum.GetValues<WireMessage>().Length - 1, seen.Count);
    }

    private static byte[] Many(byte[] unit) => WireBytes.Repeat(unit, (8 << 20) / unit.Length);

    private static WireFieldKind KindOf(FieldDescriptor? field) => field?.FieldType switch
    {
        null => WireFieldKind.Unknown,
        FieldType.Message => WireFieldKind.Message,
        FieldType.String => WireFieldKind.Text,
        FieldType.Bytes => field.ContainingType == TensorProto.Descriptor && field.IsRepeated && field.Name != "string_data"
            ? WireFieldKind.PackedBytes
            : WireFieldKind.Bytes,
        FieldType.Float => WireFieldKind.Float,
        _ => WireFieldKind.Integer,
    };
}
