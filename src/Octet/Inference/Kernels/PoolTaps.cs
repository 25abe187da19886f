using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>The part of a window that lies on the plane.</summary>
/// <param name="First">The first tap.</param>
/// <param name="End">Behind the last.</param>
internal readonly record struct PoolTaps(int First, int End)
{
    /// <summary>Number of taps.</summary>
    public int Count => Math.Max(End - First, 0);

    /// <summary>The rows of a window.</summary>
    public static PoolTaps Rows(Window window, int output, int height) => Of((output * window.StrideY) - window.Top, window.Height, window.DilationY, height);

    /// <summary>The columns of a window.</summary>
    public static PoolTaps Columns(Window window, int output, int width) => Of((output * window.StrideX) - window.Left, window.Width, window.DilationX, width);

    private static PoolTaps Of(int start, int taps, int dilation, int length)
    {
        int first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        int end = start >= length ? 0 : Math.Min(taps, ((length - 1 - start) / dilation) + 1);
        return new PoolTaps(first, end);
    }
}
