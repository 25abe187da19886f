using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>The border from floats to integers.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Floats.</param>
/// <param name="Y">Quantized values.</param>
public sealed record QuantizeStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Quantizes values: divided by the scale as floats, halves to even.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="parameters">Of the whole, or one for each index of an axis.</param>
    /// <param name="shape">Their shape.</param>
    public static int[] Quantize(ReadOnlySpan<float> values, QuantParams parameters, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var (inner, channels) = parameters.Runs(shape);
        var result = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = parameters.Quantize(values[i], i / inner % channels);
        }

        return result;
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory) => memory.Write(Y, Quantize(memory.TensorOf(X).AsSpan<float>(), Y.Params!, Y.Shape));
}
