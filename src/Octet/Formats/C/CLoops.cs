namespace Octet.Formats.C;

/// <summary>How the loops of generated C are written; the integers are the same.</summary>
public enum CLoops
{
    /// <summary>Plain nests over planes, as a textbook has them: the least memory.</summary>
    Plain,

    /// <summary>The channels of a place lie together, products go over rows of 16-bit values: what compilers turn into vector instructions. Some 16 kB more memory.</summary>
    Fast,
}
