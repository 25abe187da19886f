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
    /// <summary>Taps of the kernel.</summary>
    public int Taps => Height * Width;
}
