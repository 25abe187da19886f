using Octet.Data;
using Octet.Numerics;

namespace Octet.Tests.Data.Sources;

public class TestDataSetsTests
{
    private static readonly InputSpec[] Inputs = [new("x", ElementType.Float32, [null, 2]), new("n", ElementType.Int64, [1])];

    // TensorProto: dims (1), data_type (2), float_data (4), int64_data (7), name (8), raw_data (9).
    private static readonly byte[] Floats = [0x0A, 2, 1, 2, 0x10, 1, 0x42, 1, (byte)'x', 0x4A, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];
    private static readonly byte[] TypedFloats = [0x08, 1, 0x08, 2, 0x10, 1, 0x22, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];
    private static readonly byte[] Long = [0x0A, 1, 1, 0x10, 7, 0x3A, 10, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1];

    [Fact]
    public void Open_WhenTheFolderHoldsTestDataSets_EachIsASample()
    {
        using var folder = new DataFolder();
        foreach (int set in new[] { 10, 2, 0 })
        {
            folder.Write($"test_data_set_{set}/input_0.pb", set == 2 ? TypedFloats : Floats);
            folder.Write($"test_data_set_{set}/input_1.pb", Long);
            folder.Write($"test_data_set_{set}/output_0.pb", "not looked at");
        }

        folder.Write("model.onnx", "?");
        var source = SampleSources.Open(folder.Root, Inputs, new SampleOptions());

        Assert.Equal(["test_data_set_0", "test_data_set_2", "test_data_set_10"], Enumerable.Range(0, source.Count).Select(source.NameOf));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal([1f, 2], source.Load(i).Inputs["x"].ToFloats());
            Assert.Equal([-2L], source.Load(i).Inputs["n"].ToInt64s());
        }

        Assert.Equal(1, SampleSources.Open(folder.PathOf("test_data_set_2"), Inputs, new SampleOptions()).Count);
    }

    [Fact]
    public void Open_WhenAnInputIsMissing_SaysWhichSet()
    {
        using var folder = new DataFolder();
        folder.Write("test_data_set_0/input_0.pb", Floats);

        var error = Assert.Throws<OctetException>(() => SampleSources.Open(folder.Root, Inputs, new SampleOptions()));

        Assert.Equal(ErrorCodes.InputsMismatched, error.Code);
        Assert.Contains("test_data_set_0", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "text", "this is no protobuf"u8.ToArray() },
        { "cut short", Floats[..14] },
        { "no values", Floats[..9] },
        { "impossible dimensions", [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x10, 1] },
        { "a negative dimension", [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0x10, 1] },
        { "strings", [0x08, 1, 0x10, 8, 0x32, 1, (byte)'a'] },
        { "empty", [] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Load_WhenAFileIsBad_IsACodedError(string what, byte[] bytes)
    {
        using var folder = new DataFolder();
        folder.Write("input_0.pb", bytes);
        var source = SampleSources.Open(folder.Root, [Inputs[0]], new SampleOptions());

        var error = Assert.Throws<OctetException>(() => source.Load(0));

        Assert.True(error.Code is ErrorCodes.ArrayMalformed or ErrorCodes.ArrayTypeUnsupported, $"{what}: {error.Message}");
    }
}
