using System.Collections.Immutable;

namespace Octet.Integers.Steps;

/// <summary>Any function of one value, element by element, where the argument or the result has 16 bits: a table of all results.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">The argument.</param>
/// <param name="Y">The result, of the same shape.</param>
/// <param name="Table">Results for all values of the argument's type, in order.</param>
public sealed record WideTableStep(string Name, IntegerBuffer X, IntegerBuffer Y, ImmutableArray<short> Table) : IntegerStep(Name, [X], [Y])
{
    /// <summary>What is added to an argument to make it a place in the table.</summary>
    public int Offset => Table.Length / 2;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        memory.Write(Y, Array.ConvertAll(memory.Read(X), x => (int)Table[x + Offset]));
    }
}
