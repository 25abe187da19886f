using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>A sum or difference, element by element, with dimensions of one element repeated.</summary>
/// <param name="Name">The layer.</param>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="Y">The result.</param>
/// <param name="Sum">How two values become one.</param>
/// <param name="Min">Least result.</param>
/// <param name="Max">Greatest result.</param>
public sealed record AddStep(string Name, IntegerBuffer A, IntegerBuffer B, IntegerBuffer Y, SumRescale Sum, int Min, int Max) : IntegerStep(Name, [A, B], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var a = memory.Read(A);
        var b = memory.Read(B);
        var y = new int[Y.Count];
        int next = 0;
        foreach (var (i, j) in Broadcast.Indices(A.Shape, B.Shape, Y.Shape))
        {
            y[next++] = Math.Clamp(Sum.Apply(a[i], b[j]), Min, Max);
        }

        memory.Write(Y, y);
    }
}
