using System.Collections.Immutable;

namespace Octet.Integers.Steps;

/// <summary>Any function of one value, element by element: a table of its 256 results.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">The argument.</param>
/// <param name="Y">The result, of the same shape.</param>
/// <param name="Table">Results for −128 to 127, in order; one table, or one after the other for each index along <paramref name="Axis"/>.</param>
/// <param name="Axis">The axis of unlike tables; 0 for one table.</param>
public sealed record TableStep(string Name, IntegerBuffer X, IntegerBuffer Y, ImmutableArray<sbyte> Table, int Axis = 0) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Results in a table.</summary>
    public const int Size = 256;

    /// <summary>Elements that follow each other with one table.</summary>
    public int Inner
    {
        get
        {
            int inner = 1;
            for (int d = Axis + 1; d < X.Shape.Rank; d++)
            {
                inner *= (int)X.Shape[d];
            }

            return inner;
        }
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        int tables = Table.Length / Size;
        int inner = Inner;
        for (int i = 0; i < x.Length; i++)
        {
            int table = tables == 1 ? 0 : i / inner % tables;
            y[i] = Table[(table * Size) + x[i] - sbyte.MinValue];
        }
    }
}
