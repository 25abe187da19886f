using System.Buffers.Binary;
using System.Text;

namespace Octet.Tests.Golden;

/// <summary>Reads of a trusted TFLite file what tests compare with: operators with their options, tensors with their parameters and bytes.</summary>
internal sealed class TfliteFile
{
    private readonly byte[] bytes;

    public TfliteFile(string path)
    {
        bytes = File.ReadAllBytes(path);
        var model = new Table(bytes, (int)Word(0));
        int[] codes = [.. model.Tables(1).Select(c => c.Byte(0))];
        var buffers = model.Tables(4).ToArray();
        var graph = model.Tables(2).Single();
        Tensors = [.. graph.Tables(0).Select(t => new Tensor(
            t.Text(3), [.. t.Ints(0)], t.Inner(4) is { } q ? [.. q.Singles(2)] : [], t.Inner(4) is { } p ? [.. p.Longs(3)] : [], buffers[t.Int(2)].Bytes(0)))];
        Operators = [.. graph.Tables(3).Select(o => new Operator((Kind)codes[o.Int(0)], [.. o.Ints(1)], [.. o.Ints(2)], o.Inner(4)))];
    }

    /// <summary>The builtin operators that the golden files have.</summary>
    public enum Kind
    {
        Add = 0,
        AveragePool2D = 1,
        Concatenation = 2,
        Conv2D = 3,
        DepthwiseConv2D = 4,
        FullyConnected = 9,
        MaxPool2D = 17,
        Reshape = 22,
        ResizeBilinear = 23,
        Softmax = 25,
    }

    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>In the order of their execution.</summary>
    public IReadOnlyList<Operator> Operators { get; }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    /// <summary>A tensor: its parameters where it is quantized, its bytes where it is constant.</summary>
    public sealed record Tensor(string Name, int[] Shape, float[] Scales, long[] ZeroPoints, byte[] Bytes)
    {
        public int[] Int32s => [.. Enumerable.Range(0, Bytes.Length / 4).Select(i => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(4 * i)))];
    }

    /// <summary>An operator with the numbers of its tensors.</summary>
    public sealed record Operator(Kind Kind, int[] Inputs, int[] Outputs, Table? Options);

    /// <summary>A table of the flat buffer; fields have numbers, absent ones their defaults.</summary>
    internal sealed class Table(byte[] bytes, int at)
    {
        public int Byte(int field) => Field(field) is { } place ? bytes[place] : 0;

        public int Int(int field, int fallback = 0) => Field(field) is { } place ? ReadInt(place) : fallback;

        public Table? Inner(int field) => Field(field) is { } place ? new Table(bytes, place + ReadInt(place)) : null;

        public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        public byte[] Bytes(int field) => Vector(field) is var (count, first) ? bytes[first..(first + count)] : [];

        public IEnumerable<int> Ints(int field) => Elements(field, 4).Select(ReadInt);

        public IEnumerable<float> Singles(int field) => Elements(field, 4).Select(p => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(p)));

        public IEnumerable<long> Longs(int field) => Elements(field, 8).Select(p => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(p)));

        public IEnumerable<Table> Tables(int field) => Elements(field, 4).Select(p => new Table(bytes, p + ReadInt(p)));

        private IEnumerable<int> Elements(int field, int size) => Vector(field) is var (count, first) ? Enumerable.Range(0, count).Select(i => first + (i * size)) : [];

        private (int Count, int First)? Vector(int field)
        {
            if (Field(field) is not { } place)
            {
                return null;
            }

            int start = place + ReadInt(place);
            return (ReadInt(start), start + 4);
        }

        private int? Field(int field)
        {
            int fields = at - ReadInt(at);
            int entry = 4 + (2 * field);
            int offset = entry < ReadShort(fields) ? ReadShort(fields + entry) : 0;
            return offset == 0 ? null : at + offset;
        }

        private int ReadInt(int place) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place));

        private int ReadShort(int place) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(place));
    }
}
