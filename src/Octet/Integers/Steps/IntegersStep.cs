using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>Quantized values as a tensor of integers, for layers that a float runtime runs.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="X">Quantized values.</param>
/// <param name="Y">The same as UInt8 (plus 128), Int8, UInt16 (plus 32,768) or Int16.</param>
public sealed record IntegersStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        int more = IntegerBuffer.Offset(Y.Type);
        var x = memory.Read(X);
        memory.Set(Y, X.IsWide
            ? Tensor.FromArray(Y.Type, Array.ConvertAll(x, v => (ushort)(v + more)), Y.Shape)
            : Tensor.FromArray(Y.Type, Array.ConvertAll(x, v => (byte)(v + more)), Y.Shape));
    }
}
