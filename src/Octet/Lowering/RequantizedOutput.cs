using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;

namespace Octet.Lowering;

/// <summary>An output that nothing but a QuantizeLinear reads, directly or through a clamp.</summary>
internal sealed record RequantizedOutput(Node Quantize, Node? Clamp)
{
    /// <summary>Scale of the integers.</summary>
    public Value Scale => Quantize.Inputs[1]!;

    /// <summary>Zero point of the integers.</summary>
    public Value ZeroPoint => Quantize.Inputs[2]!;

    /// <summary>Scale and zero point, as an integer operator takes them.</summary>
    public Value[] Two => [Scale, ZeroPoint];

    /// <summary>What becomes of an output; null where floats leave it.</summary>
    public static RequantizedOutput? Of(Value output)
    {
        if (OnlyReader(output) is not { } reader)
        {
            return null;
        }

        bool isClamp = OperatorCatalog.RoleOf(reader) is OperatorRole.Clamping;
        var quantize = isClamp ? OnlyReader(reader.Output) : reader;
        return quantize is not null && quantize.Is("QuantizeLinear") && quantize.Input(2) is not null && quantize.Inputs[1] is { Constant.Count: 1 }
            ? new RequantizedOutput(quantize, isClamp ? reader : null)
            : null;
    }

    /// <summary>Integers within the clamp's bounds; null where there is no clamp.</summary>
    public Value? Clamped(Value integers)
    {
        if (Clamp is null)
        {
            return null;
        }

        var (low, high) = (OperatorRole.Clamping)OperatorCatalog.RoleOf(Clamp);
        var element = ZeroPoint.Constant!.Type;
        var parameters = new QuantParams(
            element == ElementType.Int8 ? QuantType.Int8 : QuantType.UInt8, [Scale.Constant!.ToFloats()[0]], [(int)ZeroPoint.Constant.ToInt64s()[0]], null);
        var graph = Quantize.Graph;
        var clip = graph.AddNode("Clip", [integers, Bound(low, "_low"), Bound(high, "_high")], [Quantize.Output.Name + "_clamped"], before: Clamp);
        clip.Name = Clamp.Name;
        clip.Source = Clamp.Source;
        return clip.Output;

        Value? Bound(float bound, string suffix)
            => float.IsInfinity(bound) ? null
                : graph.AddConstant(Clamp.Output.Name + suffix, IntegerTensor.Pack([parameters.Quantize(bound)], parameters.Type, default));
    }

    private static Node? OnlyReader(Value value) => value is { IsOutput: false, Uses: [var use] } && use.Index == 0 ? use.Node : null;
}
