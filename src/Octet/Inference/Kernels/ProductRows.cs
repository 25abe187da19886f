namespace Octet.Inference.Kernels;

/// <summary>The inputs of sums as rows of shorts, less the zero point.</summary>
/// <param name="zeroPoint">The zero point.</param>
internal abstract unsafe class ProductRows(int zeroPoint)
{
    /// <summary>The zero point; that of integers which are quantized at run time is set before every run.</summary>
    public int ZeroPoint { get; set; } = zeroPoint;

    /// <summary>Shorts from one row to the next, even.</summary>
    public abstract int Length { get; }

    /// <summary>Lays rows one after the other. What is written beyond a row's end is the next one's to write over; beyond the last there is room for a vector.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">Where to.</param>
    public abstract void Stage(int first, int count, short* to);
}
