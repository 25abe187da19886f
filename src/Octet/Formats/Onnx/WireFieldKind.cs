namespace Octet.Formats.Onnx;

/// <summary>What a field holds, as far as the scan tells fields apart.</summary>
internal enum WireFieldKind
{
    /// <summary>Nothing that the schema knows.</summary>
    Unknown,

    /// <summary>A message.</summary>
    Message,

    /// <summary>Text, which takes two bytes of memory for each of the file.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Packed numbers of a tensor, declared as bytes.</summary>
    PackedBytes,

    /// <summary>Integers of variable width.</summary>
    Integer,

    /// <summary>Floats of four bytes.</summary>
    Float,
}
