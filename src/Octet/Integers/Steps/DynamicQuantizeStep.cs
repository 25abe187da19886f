using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>The border from floats to integers where the values themselves tell the scale: ONNX's DynamicQuantizeLinear, as ONNX Runtime computes it.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Floats.</param>
/// <param name="Y">The integers as they are.</param>
/// <param name="Scale">One float.</param>
/// <param name="ZeroPoint">One integer.</param>
public sealed record DynamicQuantizeStep(string Name, IntegerBuffer X, IntegerBuffer Y, IntegerBuffer Scale, IntegerBuffer ZeroPoint) : IntegerStep(Name, [X], [Y, Scale, ZeroPoint])
{
    /// <summary>
    /// scale = (max − min) / 255, zero point = round half to even(−min / scale) − 128, where min and max are of all values and 0. What is not a number counts for nothing; where the range is none
    /// or not finite, the scale is 1.
    /// </summary>
    public static QuantParams ParamsOf(ReadOnlySpan<float> values)
    {
        float min = 0;
        float max = 0;
        foreach (float value in values)
        {
            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        float scale = (max - min) / byte.MaxValue;
        scale = float.IsFinite(scale) && scale > 0 ? scale : 1;
        return new QuantParams(QuantType.Int8, scale, (int)MathF.Round(Math.Clamp(-min / scale, 0, byte.MaxValue), MidpointRounding.ToEven) + sbyte.MinValue);
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var x = memory.TensorOf(X).AsSpan<float>();
        var parameters = ParamsOf(x);
        memory.Write(Y, QuantizeStep.Quantize(x, parameters, Y.Shape));
        Found(memory, parameters);
    }

    /// <summary>Sets the scale and the zero point.</summary>
    internal void Found(IntegerMemory memory, QuantParams parameters)
    {
        memory.Set(Scale, Tensor.Scalar(parameters.Scale));
        memory.Of(ZeroPoint)[0] = (sbyte)parameters.ZeroPoint;
    }
}
