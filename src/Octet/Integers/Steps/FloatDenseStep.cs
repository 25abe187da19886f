using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>
/// A product of rows with constant weights whose result leaves as floats: y[r, n] = float(bias[n] + Σ (x[r, k] − zero x)(w[n, k] − zero w[n])) · scale[n], as ONNX Runtime's QGemm and
/// MatMulIntegerToFloat compute it.
/// </summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Rows × inner, quantized.</param>
/// <param name="Y">Rows × outputs, floats.</param>
/// <param name="Weights">Outputs × inner.</param>
/// <param name="Scales">input scale · weight scale, one or one an output.</param>
public sealed record FloatDenseStep(string Name, IntegerBuffer X, IntegerBuffer Y, IntegerWeights Weights, ImmutableArray<float> Scales) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override long MultiplyAccumulates => Y.Shape.Count * Weights.Inner;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var x = memory.Read(X);
        var y = new float[Y.Count];
        int zero = X.Params!.ZeroPoint;
        for (int i = 0; i < y.Length; i++)
        {
            var (r, n) = Math.DivRem(i, Weights.Rows);
            y[i] = Weights.Sum(n, x.AsSpan(r * Weights.Inner, Weights.Inner), zero) * Scales[Scales.Length == 1 ? 0 : n];
        }

        memory.Set(Y, Tensor.FromArray(y, Y.Shape));
    }
}
