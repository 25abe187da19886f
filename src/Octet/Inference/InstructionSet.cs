namespace Octet.Inference;

/// <summary>Instructions that an integer session may use. Results do not depend on them.</summary>
public enum InstructionSet
{
    /// <summary>The fastest that this processor has.</summary>
    Automatic,

    /// <summary>None: the steps' own scalar code, which says what is right.</summary>
    Scalar,

    /// <summary>Vectors of 128 bits without instructions of one processor.</summary>
    Portable,

    /// <summary>Vectors of 256 bits.</summary>
    Avx2,

    /// <summary>Vectors of 512 bits (AVX-512 F, BW, DQ and VL).</summary>
    Avx512,
}
