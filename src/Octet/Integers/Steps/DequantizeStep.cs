using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>The border from integers to floats.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Quantized values.</param>
/// <param name="Y">Floats.</param>
public sealed record DequantizeStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <summary>What quantized values stand for.</summary>
    public static Tensor Dequantize(ReadOnlySpan<int> values, QuantParams parameters, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var (inner, channels) = parameters.Runs(shape);
        var result = new float[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = parameters.Dequantize(values[i], i / inner % channels);
        }

        return Tensor.FromArray(result, shape);
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory) => memory.Set(Y, Dequantize(memory.Read(X), X.Params!, Y.Shape));
}
