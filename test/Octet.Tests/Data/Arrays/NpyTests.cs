using System.IO.Compression;
using System.Text;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Tests.Data.Arrays;

public class NpyTests
{
    [Property]
    public FsCheck.Property Write_WhenReadAgain_GivesTheSameTensor(float[] floats, long[] longs, byte[] bytes)
        => (RoundTrips(floats) && RoundTrips(longs) && RoundTrips(bytes) && RoundTrips(Array.ConvertAll(floats, f => (Half)f))
            && RoundTrips(Array.ConvertAll(floats, f => (double)f)) && RoundTrips(Array.ConvertAll(longs, l => (ushort)l))).ToProperty();

    [Fact]
    public void WriteArchive_WhenReadAgain_GivesTheSameTensorsAndTheSameBytes()
    {
        var tensors = new KeyValuePair<string, Tensor>[]
        {
            new("input_ids", Tensor.FromArray(new long[] { 1, 2, 3, 4, 5, 6 }, new Shape(2, 3))),
            new("mask", Tensor.FromArray(ElementType.Boolean, new byte[] { 1, 0 }, new Shape(2))),
        };
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        NpyWriter.WriteArchive(first, tensors);
        NpyWriter.WriteArchive(second, tensors);
        using var folder = new DataFolder();

        var read = NpzReader.Open(folder.Write("a.npz", first.ToArray()));

        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal(["input_ids", "mask"], read.Select(r => r.Key));
        Assert.Equal([4L, 5, 6], read[0].Value.ReadRow(1).ToInt64s());
        Assert.Equal(ElementType.Boolean, read[1].Value.Type);
    }

    [Fact]
    public void Open_WhenBigEndian_SwapsTheBytes()
    {
        var array = Open("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFE]);

        Assert.Equal([258L, -2], array.ReadAll().ToInt64s());
    }

    [Fact]
    public void Open_WhenInFortranOrder_BringsItToRowMajor()
    {
        // Element (i, j, k) of a 2x3x2 array lies at i + 2 j + 6 k.
        var array = Open("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", [.. Enumerable.Range(0, 12).Select(i => (byte)i)]);

        Assert.Equal([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11], array.ReadAll().ToFloats().Select(v => (int)v));
        Assert.Equal([1L, 7, 3, 9, 5, 11], array.ReadRow(1).ToInt64s());
    }

    [Fact]
    public void Open_WhenTheHeaderIsInAnotherOrder_IsRead()
        => Assert.Equal(new Shape(3), Open("{'shape': (3,), 'fortran_order': False, 'descr': '|i1'}", [1, 2, 3]).Shape);

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }", ErrorCodes.ArrayMalformed)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999), }", ErrorCodes.ArrayMalformed)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", ErrorCodes.ArrayMalformed)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", ErrorCodes.ArrayMalformed)]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", ErrorCodes.ArrayTypeUnsupported)]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", ErrorCodes.ArrayTypeUnsupported)]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", ErrorCodes.ArrayMalformed)]
    [InlineData("{'fortran_order': False, 'shape': (1,), }", ErrorCodes.ArrayMalformed)]
    [InlineData("", ErrorCodes.ArrayMalformed)]
    public void Open_WhenTheHeaderIsBad_IsACodedError(string header, string code)
        => Assert.Equal(code, Assert.Throws<OctetException>(() => Open(header, [0, 0, 0, 0])).Code);

    [Fact]
    public void Open_WhenBytesAreChanged_GivesAnArrayOrACodedError()
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, Tensor.FromArray(new float[] { 1, 2, 3, 4, 5, 6 }, new Shape(2, 3)));
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            var bytes = stream.ToArray();
            bytes[random.Next(80)] = (byte)random.Next(256);
            try
            {
                var array = NpyReader.Open(RandomBytes.OfMemory(bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]), "changed");
                Assert.Equal(array.Shape, array.ReadAll().Shape);
            }
            catch (OctetException e)
            {
                Assert.Equal(4, e.ExitStatus);
            }
        }
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("PK\u0003\u0004 but no archive")]
    public void NpzOpen_WhenNoArchive_IsACodedError(string text)
    {
        using var folder = new DataFolder();
        string path = folder.Write("bad.npz", text);

        Assert.Equal(ErrorCodes.ArrayMalformed, Assert.Throws<OctetException>(() => NpzReader.Open(path)).Code);
    }

    [Fact]
    public void OfStream_WhenItUnpacksToMoreThanAllowed_Refuses()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, true))
        {
            gzip.Write(new byte[1 << 20]);
        }

        packed.Position = 0;
        using var content = new GZipStream(packed, CompressionMode.Decompress);

        Assert.Equal(ErrorCodes.ArrayTooLarge, Assert.Throws<OctetException>(() => RandomBytes.OfStream(content, 1 << 19, "bomb")).Code);
    }

    [Fact]
    public void OfStream_WhenLargerThanMemoryIsMeantFor_ReadsTheSameBytes()
    {
        var bytes = new byte[(1 << 26) + 100_000];
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length - 300_000));

        var spooled = RandomBytes.OfStream(new MemoryStream(bytes), long.MaxValue, "large");
        var end = new byte[300_000];
        spooled.Read(bytes.Length - end.Length, end);

        Assert.Equal(bytes.Length, spooled.Length);
        Assert.Equal(bytes[^end.Length..], end);
        Assert.Throws<EndOfStreamException>(() => spooled.Read(bytes.Length - 1, new byte[2]));
    }

    private static bool RoundTrips<T>(T[] values)
        where T : unmanaged
    {
        Shape[] shapes = values.Length % 2 == 0 ? [new Shape(values.Length), new Shape(values.Length / 2, 1, 2)] : [new Shape(values.Length, 1)];
        return shapes.All(shape =>
        {
            var tensor = Tensor.FromArray(values, shape);
            using var stream = new MemoryStream();
            NpyWriter.Write(stream, tensor);
            var read = NpyReader.Open(RandomBytes.OfMemory(stream.ToArray()), "npy").ReadAll();
            return read.Type == tensor.Type && read.Shape == shape && read.AsSpan<byte>().SequenceEqual(tensor.AsSpan<byte>());
        });
    }

    private static ArrayFile Open(string header, byte[] values)
    {
        var text = Encoding.ASCII.GetBytes(header + "\n");
        byte[] file = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. values];
        return NpyReader.Open(RandomBytes.OfMemory(file), "npy");
    }
}
