using Octet.Graphs;

namespace Octet.Lowering;

/// <summary>A quantized tensor with its scale and zero point.</summary>
internal sealed record IntegerValue(Value Values, Value Scale, Value ZeroPoint)
{
    /// <summary>The three as an integer operator takes them.</summary>
    public Value[] Three => [Values, Scale, ZeroPoint];

    /// <summary>What a DequantizeLinear in front of a value reads; null where there is none.</summary>
    public static IntegerValue? Behind(Value? value)
        => value?.Producer is { } node && node.Is("DequantizeLinear") && node.Input(2) is { } zeroPoint
            ? new IntegerValue(node.Inputs[0]!, node.Inputs[1]!, zeroPoint)
            : null;
}
