using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>Where two operands and their result lie, in rows of which an operand may have one for all.</summary>
/// <param name="A">The first.</param>
/// <param name="StrideA">Bytes from one of its rows to the next; 0 where one serves all.</param>
/// <param name="B">The second.</param>
/// <param name="StrideB">Likewise.</param>
/// <param name="Y">The result.</param>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Length">Bytes of a row.</param>
internal sealed unsafe record BinaryOperands(nint A, int StrideA, nint B, int StrideB, nint Y, int Rows, int Length)
{
    /// <summary>Places operands of one shape, or of which one has the channels of the other and one pixel.</summary>
    /// <returns>Null for others.</returns>
    public static BinaryOperands? Place(IntegerBuffer a, IntegerBuffer b, IntegerBuffer y, Placement placement)
    {
        bool isWholeA = a.Shape == y.Shape;
        bool isWholeB = b.Shape == y.Shape;
        if (isWholeA && isWholeB && !placement.IsChannelsLast(a) && !placement.IsChannelsLast(b))
        {
            nint first = (nint)placement.ReadPlanar(a);
            nint second = (nint)placement.ReadPlanar(b);
            return new BinaryOperands(first, 0, second, 0, (nint)placement.WritePlanar(y), 1, y.Count);
        }

        if (Placement.FormOf(y) is not { } form || !(isWholeA || IsPixel(a, form)) || !(isWholeB || IsPixel(b, form)) || !(isWholeA || isWholeB))
        {
            return null;
        }

        nint left = (nint)placement.ReadChannelsLast(a);
        nint right = (nint)placement.ReadChannelsLast(b);
        nint result = (nint)placement.WriteChannelsLast(y);
        return isWholeA && isWholeB
            ? new BinaryOperands(left, 0, right, 0, result, 1, form.Length)
            : new BinaryOperands(left, isWholeA ? form.Stride : 0, right, isWholeB ? form.Stride : 0, result, form.Pixels, form.Stride);
    }

    private static bool IsPixel(IntegerBuffer buffer, ChannelsLast whole)
        => Placement.FormOf(buffer) is { Planes: { Images: 1, Area: 1 } planes } && whole.Planes.Images == 1 && planes.Channels == whole.Planes.Channels;
}
