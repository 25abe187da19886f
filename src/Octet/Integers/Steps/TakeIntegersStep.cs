namespace Octet.Integers.Steps;

/// <summary>A tensor of integers of 8 or 16 bits that a caller or a float runtime gives, taken as the quantized values that it is.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="X">UInt8, Int8, UInt16 or Int16.</param>
/// <param name="Y">The same values, unsigned ones less 128 or 32,768.</param>
public sealed record TakeIntegersStep(string Name, IntegerBuffer X, IntegerBuffer Y) : IntegerStep(Name, [X], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var from = memory.TensorOf(X);
        int less = IntegerBuffer.Offset(from.Type);
        memory.Write(Y, [.. from.ToInt64s().Select(v => (int)v - less)]);
    }
}
