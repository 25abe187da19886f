using System.Numerics;

namespace Octet.Numerics;

/// <summary>Quantization followed by dequantization: what rounding to integers does to real values.</summary>
public static class FakeQuant
{
    /// <summary>The values that the integers stand for.</summary>
    /// <param name="values">Finite.</param>
    /// <param name="parameters">Per tensor.</param>
    /// <param name="result">As long; may be the same memory.</param>
    public static void Apply(ReadOnlySpan<float> values, QuantParams parameters, Span<float> result)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        float scale = parameters.Scale;
        float low = parameters.Type.Min - parameters.ZeroPoint;
        float high = parameters.Type.Max - parameters.ZeroPoint;
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var scales = new Vector<float>(scale);
            var lows = new Vector<float>(low);
            var highs = new Vector<float>(high);
            for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var steps = Vector.Round(new Vector<float>(values[i..]) / scales, MidpointRounding.ToEven);
                (Vector.Min(Vector.Max(steps, lows), highs) * scales).CopyTo(result[i..]);
            }
        }

        for (; i < values.Length; i++)
        {
            result[i] = Math.Clamp(MathF.Round(values[i] / scale, MidpointRounding.ToEven), low, high) * scale;
        }
    }

    /// <summary>Dequantized value − value.</summary>
    /// <inheritdoc cref="Apply"/>
    public static void Errors(ReadOnlySpan<float> values, QuantParams parameters, Span<float> result)
    {
        Apply(values, parameters, result);
        System.Numerics.Tensors.TensorPrimitives.Subtract(result, values, result);
    }
}
