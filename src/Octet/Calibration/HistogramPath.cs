namespace Octet.Calibration;

/// <summary>The instruction paths that fill a <see cref="LogLinearHistogram"/>. All give the same counts to the bit.</summary>
public enum HistogramPath
{
    /// <summary>The widest path that this processor has.</summary>
    Automatic,

    /// <summary>One value at a time: the reference for the others.</summary>
    Scalar,

    /// <summary>Four values at a time, on any processor.</summary>
    Vector128,

    /// <summary>Sixteen values at a time, zeros squeezed out first; needs AVX-512F.</summary>
    Avx512,
}
