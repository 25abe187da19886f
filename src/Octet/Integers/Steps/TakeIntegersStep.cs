using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>A tensor of 8-bit integers that a caller or a float runtime gives, taken as the quantized values that it is.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="X">UInt8 or Int8.</param>
/// <param name="Y">The same values, unsigned ones less 128.</param>
public sealed record TakeIntegersStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var from = memory.TensorOf(X);
        var bytes = from.AsSpan<byte>();
        int less = from.Type == ElementType.UInt8 ? 128 : 0;
        var y = memory.Of(Y);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (sbyte)(bytes[i] - less);
        }
    }
}
