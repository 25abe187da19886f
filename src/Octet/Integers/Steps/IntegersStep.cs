using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>Quantized values as a tensor of integers, for layers that a float runtime runs.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="X">Quantized values.</param>
/// <param name="Y">The same as UInt8 (plus 128) or Int8.</param>
public sealed record IntegersStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        int more = Y.Type == ElementType.UInt8 ? 128 : 0;
        var x = memory.Of(X);
        var bytes = new byte[x.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(x[i] + more);
        }

        memory.Set(Y, Tensor.FromArray(Y.Type, bytes, Y.Shape));
    }
}
