using System.Collections.Immutable;

namespace Octet.Numerics;

/// <summary>
/// The parameters of uniform affine quantization: real = scale · (quantized − zero point); Jacob et al. 2018,
/// "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", equation 1.
/// </summary>
public sealed record QuantParams
{
    /// <summary>Makes per-tensor parameters.</summary>
    public QuantParams(QuantType type, float scale, int zeroPoint)
        : this(type, [scale], [zeroPoint], null)
    {
    }

    /// <summary>Makes parameters, one pair a channel.</summary>
    /// <param name="type">Type of the quantized values.</param>
    /// <param name="scales">Each finite and &gt; 0.</param>
    /// <param name="zeroPoints">As many, each within the type.</param>
    /// <param name="axis">The channels' axis; null for one pair for the whole tensor.</param>
    /// <exception cref="ArgumentException">A value is out of range, or the numbers of them differ.</exception>
    public QuantParams(QuantType type, ImmutableArray<float> scales, ImmutableArray<int> zeroPoints, int? axis)
    {
        if (scales.IsDefaultOrEmpty || scales.Length != zeroPoints.Length || (axis is null && scales.Length != 1))
        {
            throw new ArgumentException($"{scales.Length} scales, {zeroPoints.Length} zero points and axis {axis} do not fit together.", nameof(scales));
        }

        foreach (float scale in scales)
        {
            if (!(float.IsFinite(scale) && scale > 0))
            {
                throw new ArgumentException($"A scale must be finite and positive, not {scale}.", nameof(scales));
            }
        }

        foreach (int zeroPoint in zeroPoints)
        {
            if (zeroPoint < type.Min || zeroPoint > type.Max)
            {
                throw new ArgumentException($"A zero point of {type} lies from {type.Min} to {type.Max}, not at {zeroPoint}.", nameof(zeroPoints));
            }
        }

        Type = type;
        Scales = scales;
        ZeroPoints = zeroPoints;
        Axis = axis;
    }

    /// <summary>Type of the quantized values.</summary>
    public QuantType Type { get; }

    /// <summary>One scale, or one a channel.</summary>
    public ImmutableArray<float> Scales { get; }

    /// <summary>One zero point, or one a channel.</summary>
    public ImmutableArray<int> ZeroPoints { get; }

    /// <summary>The channels' axis, null for per-tensor parameters.</summary>
    public int? Axis { get; }

    /// <summary>The only scale of per-tensor parameters.</summary>
    public float Scale => Scales[0];

    /// <summary>The only zero point of per-tensor parameters.</summary>
    public int ZeroPoint => ZeroPoints[0];

    /// <summary>How many elements of a tensor follow each other with one scale, and how many such runs there are until the first scale comes again: all and one without an axis.</summary>
    /// <param name="shape">The tensor's shape.</param>
    public (int Inner, int Channels) Runs(Shape shape)
        => Axis is { } axis ? ((int)shape.CountAfter(axis), Scales.Length) : ((int)Math.Max(shape.Count, 1), 1);

    /// <summary>Smallest real value that channel <paramref name="channel"/> can hold.</summary>
    public float RealMin(int channel = 0) => Scales[channel] * (Type.Min - ZeroPoints[channel]);

    /// <summary>Largest real value that channel <paramref name="channel"/> can hold.</summary>
    public float RealMax(int channel = 0) => Scales[channel] * (Type.Max - ZeroPoints[channel]);

    /// <summary>Quantizes one value: round half to even of value / scale, plus zero point, saturated (ONNX QuantizeLinear).</summary>
    public int Quantize(float value, int channel = 0)
    {
        float scaled = MathF.Round(value / Scales[channel], MidpointRounding.ToEven);
        double shifted = (double)scaled + ZeroPoints[channel];
        return (int)Math.Clamp(double.IsNaN(shifted) ? ZeroPoints[channel] : shifted, Type.Min, Type.Max);
    }

    /// <summary>The real value of a quantized one (ONNX DequantizeLinear).</summary>
    public float Dequantize(int quantized, int channel = 0) => (quantized - ZeroPoints[channel]) * Scales[channel];

    /// <inheritdoc/>
    public bool Equals(QuantParams? other)
        => other is not null && Type == other.Type && Axis == other.Axis
            && Scales.AsSpan().SequenceEqual(other.Scales.AsSpan()) && ZeroPoints.AsSpan().SequenceEqual(other.ZeroPoints.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Axis, Scales.Length, Scales[0], ZeroPoints[0]);
}
