using System.Collections.Immutable;

namespace Octet.Integers.Steps;

/// <summary>Elements put in another order, left out, repeated, or filled in: transpose, slice, pad, nearest resize, depth to space, and one input's part of a concatenation.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Where they come from.</param>
/// <param name="Y">Where they go; of the same scale.</param>
/// <param name="Sources">For each element of the result the one that it is, or −1 for <paramref name="Fill"/>.</param>
/// <param name="Fill">The value of elements that come from nowhere.</param>
public sealed record MoveStep(string Name, IntegerBuffer X, IntegerBuffer Y, ImmutableArray<int> Sources, sbyte Fill) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Sources[i] < 0 ? Fill : x[Sources[i]];
        }
    }
}
