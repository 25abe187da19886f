using Octet.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>A product of two activations, matrix by matrix, with leading dimensions repeated where one operand has one of them: requantize(Σ (a − zero a)(b − zero b)).</summary>
/// <param name="Name">The layer.</param>
/// <param name="A">Matrices × rows × inner.</param>
/// <param name="B">Matrices × inner × columns.</param>
/// <param name="Y">Matrices × rows × columns.</param>
/// <param name="Requantize">What becomes of a sum.</param>
public sealed record MatMulStep(string Name, IntegerBuffer A, IntegerBuffer B, IntegerBuffer Y, Requantize Requantize) : IntegerStep(Name, [A, B], [Y])
{
    /// <summary>Rows of a matrix.</summary>
    public int RowCount => (int)A.Shape[-2];

    /// <summary>Products of a sum.</summary>
    public int Inner => (int)A.Shape[-1];

    /// <summary>Columns of a matrix.</summary>
    public int ColumnCount => (int)B.Shape[-1];

    /// <inheritdoc/>
    public override long MultiplyAccumulates => Y.Shape.Count * Inner;

    /// <summary>For each matrix of the result, the matrices that it is the product of.</summary>
    public IEnumerable<(int A, int B)> Pairs()
        => Broadcast.Indices(new Shape(A.Shape.Dimensions.AsSpan()[..^2]), new Shape(B.Shape.Dimensions.AsSpan()[..^2]), new Shape(Y.Shape.Dimensions.AsSpan()[..^2]));

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        int zeroA = A.Params!.ZeroPoint;
        int zeroB = B.Params!.ZeroPoint;
        var allA = memory.Read(A);
        var allB = memory.Read(B);
        var y = new int[Y.Count];
        int next = 0;
        foreach (var (i, j) in Pairs())
        {
            var a = allA.AsSpan(i * RowCount * Inner, RowCount * Inner);
            var b = allB.AsSpan(j * Inner * ColumnCount, Inner * ColumnCount);
            for (int r = 0; r < RowCount; r++)
            {
                for (int c = 0; c < ColumnCount; c++)
                {
                    long sum = 0;
                    for (int k = 0; k < Inner; k++)
                    {
                        sum += (long)(a[(r * Inner) + k] - zeroA) * (b[(k * ColumnCount) + c] - zeroB);
                    }

                    y[next++] = Requantize.Apply(sum, 0);
                }
            }
        }

        memory.Write(Y, y);
    }
}
