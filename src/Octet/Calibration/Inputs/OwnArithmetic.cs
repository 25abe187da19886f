using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Calibration.Inputs;

/// <summary>What a model does first with an input: Scale · x + Offset, by constants of its own (means over the channels).</summary>
/// <param name="Scale">The factor.</param>
/// <param name="Offset">What is added after that.</param>
internal sealed record OwnArithmetic(double Scale, double Offset)
{
    private static readonly string[] Movers = ["Identity", "Cast", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Pad"];

    /// <summary>Follows an input through Add, Sub, Mul and Div with constants; null where none changes values noticeably.</summary>
    internal static OwnArithmetic? Of(Value input)
    {
        var (scale, offset) = (1.0, 0.0);
        var value = input;
        while (value.Uses is [var use])
        {
            var node = use.Node;
            if (!Movers.Contains(node.OpType))
            {
                bool isLeft = use.Index == 0;
                if (node.Inputs.Count != 2 || ConstantMean(node.Input(isLeft ? 1 : 0)) is not { } operand)
                {
                    break;
                }

                (double Scale, double Offset)? next = node.OpType switch
                {
                    "Add" => (scale, offset + operand),
                    "Sub" when isLeft => (scale, offset - operand),
                    "Sub" => (-scale, operand - offset),
                    "Mul" => (scale * operand, offset * operand),
                    "Div" when isLeft && operand != 0 => (scale / operand, offset / operand),
                    _ => null,
                };
                if (next is null)
                {
                    break;
                }

                (scale, offset) = next.Value;
            }
            else if (use.Index != 0)
            {
                break;
            }

            value = node.Output;
        }

        return scale is > 0.9 and < 1.1 && Math.Abs(offset) < 0.05 ? null : new OwnArithmetic(scale, offset);
    }

    private static double? ConstantMean(Value? value)
    {
        var tensor = value?.Constant ?? (value?.Producer is { } node && node.Is("Constant") ? node.GetTensor("value") : null);
        return tensor is { Count: > 0 and <= 4096 } && tensor.Type.BitWidth() >= 8 ? tensor.ToFloats().Average(v => (double)v) : null;
    }
}
