namespace Octet.Formats.Onnx;

/// <summary>What the scan knows of one field of a message type. The default stands for a field that the schema does not have.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="IsList">Whether it may stand more than once.</param>
/// <param name="Memory">Bytes of memory of one element beside the bytes of its content, with what the graph makes of it.</param>
/// <param name="Inner">The type of a field that holds messages.</param>
internal readonly record struct WireField(WireFieldKind Kind, bool IsList = false, int Memory = 0, WireMessage Inner = WireMessage.None)
{
    // An unknown field is kept in a table of the message: the table, an entry, a list and its element.
    private const int UnknownField = 500;

    /// <summary>Bytes of memory of a value that is no message.</summary>
    public long MemoryOf(WireForm form, ReadOnlySpan<byte> content) => (Kind, form) switch
    {
        (WireFieldKind.Text, WireForm.Delimited) => Memory + (2L * content.Length),
        (WireFieldKind.Bytes or WireFieldKind.PackedBytes, WireForm.Delimited) => Memory + content.Length,
        (WireFieldKind.Integer, WireForm.Varint) or (WireFieldKind.Float, WireForm.Fixed32) => Memory,
        (WireFieldKind.Integer, WireForm.Delimited) when IsList => (long)Memory * PackedNumbers.Count(content),
        (WireFieldKind.Float, WireForm.Delimited) when IsList => (long)Memory * (content.Length / 4),
        _ => UnknownField + content.Length,
    };
}
