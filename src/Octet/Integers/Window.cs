namespace Octet.Integers;

/// <summary>How a kernel moves over a plane.</summary>
/// <param name="Height">Taps in a column.</param>
/// <param name="Width">Taps in a row.</param>
/// <param name="StrideY">Rows from one output to the next.</param>
/// <param name="StrideX">Columns likewise.</param>
/// <param name="Top">Rows of padding above the plane.</param>
/// <param name="Left">Columns of padding before it.</param>
/// <param name="DilationY">Rows from one tap to the next.</param>
/// <param name="DilationX">Columns likewise.</param>
public sealed record Window(int Height, int Width, int StrideY, int StrideX, int Top, int Left, int DilationY, int DilationX)
{
    /// <summary>Rows that the kernel moves over for one of the plane, zeros between two: the stride of a transposed convolution. 1 for all else.</summary>
    public int SpreadY { get; init; } = 1;

    /// <summary>Columns likewise.</summary>
    public int SpreadX { get; init; } = 1;

    /// <summary>Whether there are zeros between the values of the plane.</summary>
    public bool IsSpread => SpreadY > 1 || SpreadX > 1;

    /// <summary>Taps of the kernel.</summary>
    public int Taps => Height * Width;
}
