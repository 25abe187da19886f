namespace Octet.Inference.Kernels;

/// <summary>The inputs of sums as rows of shorts, less the zero point.</summary>
internal abstract unsafe class ProductRows
{
    /// <summary>Shorts from one row to the next, even.</summary>
    public abstract int Length { get; }

    /// <summary>Lays rows one after the other. What is written beyond a row's end is the next one's to write over; beyond the last there is room for a vector.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">Where to.</param>
    public abstract void Stage(int first, int count, short* to);
}
