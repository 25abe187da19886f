namespace Octet.Formats.Onnx;

/// <summary>Versions of the file format (docs/Versioning.md of the ONNX project).</summary>
internal static class IrVersions
{
    /// <summary>The first version with 4-bit integers.</summary>
    public const long FourBits = 10;

    /// <summary>The IR version that came with a version of ONNX's own operator set.</summary>
    public static long For(long opset) => opset switch
    {
        <= 8 => 3,
        9 => 4,
        10 => 5,
        11 => 6,
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        23 => 11,
        <= 25 => 12,
        26 => 13,
        _ => 14,
    };
}
