namespace Octet.Formats.Onnx;

/// <summary>How a value stands in the bytes of a message (protobuf's wire types; groups, 3 and 4, are not used by ONNX).</summary>
internal enum WireForm
{
    /// <summary>A number of 1 to 10 bytes, 7 bits each.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and so many bytes: text, bytes, a message, or packed numbers.</summary>
    Delimited = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
