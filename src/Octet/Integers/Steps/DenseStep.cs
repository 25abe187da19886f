using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>A product of rows with constant weights: y[r, n] = requantize(bias[n] + Σ (x[r, k] − zero x)(w[n, k] − zero w[n])).</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Rows × inner.</param>
/// <param name="Y">Rows × outputs.</param>
/// <param name="Weights">Outputs × inner.</param>
/// <param name="Requantize">What becomes of a sum.</param>
public sealed record DenseStep(string Name, IntegerBuffer X, IntegerBuffer Y, IntegerWeights Weights, Requantize Requantize) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Rows of the input.</summary>
    public int RowCount => X.Count / Weights.Inner;

    /// <inheritdoc/>
    public override long MultiplyAccumulates => Y.Shape.Count * Weights.Inner;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Read(X);
        var y = new int[Y.Count];
        int zero = X.Params!.ZeroPoint;
        for (int r = 0; r < RowCount; r++)
        {
            var row = x.AsSpan(r * Weights.Inner, Weights.Inner);
            for (int n = 0; n < Weights.Rows; n++)
            {
                y[(r * Weights.Rows) + n] = Requantize.Apply(Weights.Sum(n, row, zero), n);
            }
        }

        memory.Write(Y, y);
    }
}
