using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>A product, element by element, with dimensions of one element repeated: requantize((a − zero a)(b − zero b)).</summary>
/// <param name="Name">The layer.</param>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="Y">The result.</param>
/// <param name="Requantize">What becomes of a product.</param>
public sealed record MulStep(string Name, IntegerBuffer A, IntegerBuffer B, IntegerBuffer Y, Requantize Requantize) : IntegerStep(Name, [A, B], [Y])
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
            y[next++] = Requantize.Apply((long)(a[i] - A.Params!.ZeroPoint) * (b[j] - B.Params!.ZeroPoint), 0);
        }

        memory.Write(Y, y);
    }
}
