using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Octet.Integers.Steps;

/// <summary>Elements put in another order, left out, repeated, or filled in: transpose, slice, pad, nearest resize, depth to space, and one input's part of a concatenation.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Where they come from.</param>
/// <param name="Y">Where they go; of the same scale.</param>
/// <param name="Sources">For each element of the result the one that it is, or −1 for <paramref name="Fill"/>.</param>
/// <param name="Fill">The value of elements that come from nowhere.</param>
public sealed record MoveStep(string Name, IntegerBuffer X, IntegerBuffer Y, ImmutableArray<int> Sources, int Fill) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        if (Y.IsWide)
        {
            Move(MemoryMarshal.Cast<sbyte, short>(memory.Of(X)), MemoryMarshal.Cast<sbyte, short>(memory.Of(Y)), (short)Fill);
        }
        else
        {
            Move(memory.Of(X), memory.Of(Y), (sbyte)Fill);
        }
    }

    private void Move<T>(ReadOnlySpan<T> x, Span<T> y, T fill)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Sources[i] < 0 ? fill : x[Sources[i]];
        }
    }
}
