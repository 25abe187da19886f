using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>A product of rows with constant weights whose sums leave as they are, ONNX's MatMulInteger: y[r, n] = Σ (x[r, k] − zero x)(w[n, k] − zero w[n]), modulo 2³².</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Rows × inner, integers as they are.</param>
/// <param name="ZeroPoint">Their zero point, one integer.</param>
/// <param name="Y">Rows × outputs, 32-bit integers.</param>
/// <param name="Weights">Outputs × inner.</param>
public sealed record DenseSumsStep(string Name, IntegerBuffer X, IntegerBuffer ZeroPoint, IntegerBuffer Y, IntegerWeights Weights) : IntegerStep(Name, [X, ZeroPoint], [Y])
{
    /// <summary>Rows of the input.</summary>
    public int RowCount => X.Count / Weights.Inner;

    /// <inheritdoc/>
    public override long MultiplyAccumulates => Y.Shape.Count * Weights.Inner;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        int zero = memory.Of(ZeroPoint)[0];
        var x = memory.Read(X);
        var y = new int[Y.Count];
        for (int i = 0; i < y.Length; i++)
        {
            var (r, n) = Math.DivRem(i, Weights.Rows);
            y[i] = (int)Weights.Sum(n, x.AsSpan(r * Weights.Inner, Weights.Inner), zero);
        }

        memory.Set(Y, Tensor.FromArray(y, Y.Shape));
    }
}
