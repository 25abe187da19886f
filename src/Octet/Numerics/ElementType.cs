namespace Octet.Numerics;

/// <summary>
/// The type of a tensor's elements. The numbers are those of ONNX's <c>TensorProto.DataType</c>, so that a type read
/// from a file keeps its number even where Octet does no arithmetic on it.
/// </summary>
public enum ElementType
{
    /// <summary>Not stated.</summary>
    Undefined = 0,

    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 1,

    /// <summary>8 bits, 0 to 255.</summary>
    UInt8 = 2,

    /// <summary>8 bits, −128 to 127.</summary>
    Int8 = 3,

    /// <summary>16 bits, 0 to 65,535.</summary>
    UInt16 = 4,

    /// <summary>16 bits, −32,768 to 32,767.</summary>
    Int16 = 5,

    /// <summary>32 bits, signed.</summary>
    Int32 = 6,

    /// <summary>64 bits, signed.</summary>
    Int64 = 7,

    /// <summary>Byte strings of any length.</summary>
    String = 8,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 9,

    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 10,

    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 11,

    /// <summary>32 bits, unsigned.</summary>
    UInt32 = 12,

    /// <summary>64 bits, unsigned.</summary>
    UInt64 = 13,

    /// <summary>Two binary32.</summary>
    Complex64 = 14,

    /// <summary>Two binary64.</summary>
    Complex128 = 15,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16 = 16,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits, finite, no negative zero trick.</summary>
    Float8E4M3FN = 17,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits, finite, unsigned zero.</summary>
    Float8E4M3FNUZ = 18,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits.</summary>
    Float8E5M2 = 19,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits, finite, unsigned zero.</summary>
    Float8E5M2FNUZ = 20,

    /// <summary>4 bits, 0 to 15, two a byte, the first in the low half.</summary>
    UInt4 = 21,

    /// <summary>4 bits, −8 to 7, two a byte, the first in the low half.</summary>
    Int4 = 22,

    /// <summary>4-bit float, 2 exponent bits and 1 mantissa bit, two a byte.</summary>
    Float4E2M1 = 23,

    /// <summary>8-bit power-of-two scale.</summary>
    Float8E8M0 = 24,

    /// <summary>2 bits, 0 to 3, four a byte.</summary>
    UInt2 = 25,

    /// <summary>2 bits, −2 to 1, four a byte.</summary>
    Int2 = 26,

    /// <summary>6-bit float, 2 exponent and 3 mantissa bits, four in three bytes.</summary>
    Float6E2M3 = 27,

    /// <summary>6-bit float, 3 exponent and 2 mantissa bits, four in three bytes.</summary>
    Float6E3M2 = 28,
}
