using System.Text;

namespace Octet.Tests.Formats.Onnx;

/// <summary>Bytes of protobuf messages put together by hand, for files that no library would write.</summary>
internal static class WireBytes
{
    /// <summary>A number of variable width.</summary>
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>A field that holds a number.</summary>
    public static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    /// <summary>A field that holds a message or bytes.</summary>
    public static byte[] Field(int field, params byte[][] content)
    {
        var inner = Join(content);
        return Join(Varint(((ulong)field << 3) | 2), Varint((ulong)inner.Length), inner);
    }

    /// <summary>A field that holds text.</summary>
    public static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Pieces one after another.</summary>
    public static byte[] Join(params byte[][] pieces)
    {
        var joined = new byte[pieces.Sum(p => p.Length)];
        int position = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(joined, position);
            position += piece.Length;
        }

        return joined;
    }

    /// <summary>The same bytes again and again.</summary>
    public static byte[] Repeat(byte[] unit, int count)
    {
        var bytes = new byte[unit.Length * count];
        for (int i = 0; i < bytes.Length; i += unit.Length)
        {
            unit.CopyTo(bytes, i);
        }

        return bytes;
    }

    /// <summary>A <c>ModelProto</c> of IR version 8 and operator set 17 around the bytes of a <c>GraphProto</c>.</summary>
    public static byte[] Model(params byte[][] graph) => Join(Number(1, 8), Field(8, Number(2, 17)), Field(7, graph));

    /// <summary>A graph within <paramref name="depth"/> nodes, each in the graph of the one before; 3 messages for each node, and one for the outermost graph.</summary>
    public static byte[] NestedModel(int depth)
    {
        var graph = Array.Empty<byte>();
        for (int i = 0; i < depth; i++)
        {
            graph = Field(1, Text(4, "If"), Field(5, Text(1, "then_branch"), Field(6, graph), Number(20, 5)));
        }

        return Model(graph);
    }
}
