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
    /// <param name="result">As many.</param>
    public static void Quantize(ReadOnlySpan<float> values, QuantParams parameters, Shape shape, Span<sbyte> result)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var (inner, channels) = parameters.Runs(shape);
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = (sbyte)parameters.Quantize(values[i], i / inner % channels);
        }
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory) => Quantize(memory.TensorOf(X).AsSpan<float>(), Y.Params!, Y.Shape, memory.Of(Y));
}
