using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>The border from floats to integers.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Floats.</param>
/// <param name="Y">Quantized values.</param>
public sealed record QuantizeStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Quantizes values: divided by the scale as floats, halves to even.</summary>
    public static void Quantize(ReadOnlySpan<float> values, QuantParams parameters, Span<sbyte> result)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = (sbyte)parameters.Quantize(values[i]);
        }
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory) => Quantize(memory.TensorOf(X).AsSpan<float>(), Y.Params!, memory.Of(Y));
}
