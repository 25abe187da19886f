using System.Collections.Immutable;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Integers;

/// <summary>
/// Turns a program's layout: between convolutions, pools and what is done element by element, the channels of a place lie together, so that loops over them run
/// through memory in order. Inputs, outputs and all other steps keep their layout; transpositions stand between.
/// </summary>
public sealed class ChannelsLastProgram
{
    private readonly Dictionary<IntegerBuffer, IntegerBuffer> turned = [];
    private readonly HashSet<IntegerBuffer> asTheyWere = [];
    private readonly ImmutableArray<IntegerStep>.Builder steps = ImmutableArray.CreateBuilder<IntegerStep>();

    private ChannelsLastProgram(IntegerProgram program) => asTheyWere.UnionWith(program.Inputs.Select(i => i.Root));

    /// <summary>The program with another layout inside; it gives the same integers.</summary>
    public static IntegerProgram Of(IntegerProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var pass = new ChannelsLastProgram(program);
        foreach (var step in program.Steps)
        {
            pass.Turn(step);
        }

        foreach (var output in program.Outputs)
        {
            pass.First(output);
        }

        return program with { Steps = pass.steps.ToImmutable() };
    }

    /// <summary>Where the elements of a transposed tensor come from.</summary>
    /// <param name="from">Shape of the tensor.</param>
    /// <param name="order">Which of its dimensions each dimension of the result is.</param>
    public static ImmutableArray<int> Transposition(Shape from, int[] order)
    {
        var shape = new Shape([.. order.Select(d => from[d])]);
        int[] strides = Broadcast.Strides(from, from);
        var result = ImmutableArray.CreateBuilder<int>((int)shape.Count);
        for (int i = 0; i < shape.Count; i++)
        {
            int at = 0;
            int rest = i;
            for (int d = order.Length - 1; d >= 0; d--)
            {
                at += rest % (int)shape[d] * strides[order[d]];
                rest /= (int)shape[d];
            }

            result.Add(at);
        }

        return result.MoveToImmutable();
    }

    // Images × places × channels; null for what is neither rows nor planes.
    private static Shape? Turned(Shape shape) => shape.Rank is 3 or 4 ? new Shape([shape[0], .. shape.Dimensions[2..], shape[1]]) : null;

    // Both layouts are one where there is one channel or one place.
    private static bool IsSame(Shape shape) => shape.Rank is not (3 or 4) || shape[1] == 1 || shape.Count == shape[0] * shape[1];

    private static int[] Order(int rank, bool back) => (rank, back) switch { (3, _) => [0, 2, 1], (_, false) => [0, 2, 3, 1], _ => [0, 3, 1, 2] };

    private void Turn(IntegerStep step)
    {
        switch (step)
        {
            case ConvStep conv:
                steps.Add(conv with { X = Last(conv.X), Y = NewLast(conv.Y), Inputs = [Last(conv.X)], Outputs = [turned[conv.Y]], ChannelsLast = true, Weights = Reordered(conv) });
                break;
            case MaxPoolStep pool:
                steps.Add(pool with { X = Last(pool.X), Y = NewLast(pool.Y), Inputs = [Last(pool.X)], Outputs = [turned[pool.Y]], ChannelsLast = true });
                break;
            case AveragePoolStep pool:
                steps.Add(pool with { X = Last(pool.X), Y = NewLast(pool.Y), Inputs = [Last(pool.X)], Outputs = [turned[pool.Y]], ChannelsLast = true });
                break;
            case BilinearStep bilinear:
                steps.Add(bilinear with { X = Last(bilinear.X), Y = NewLast(bilinear.Y), Inputs = [Last(bilinear.X)], Outputs = [turned[bilinear.Y]], ChannelsLast = true });
                break;
            case AddStep add when CanTurn(add.A, add.B, add.Y):
                steps.Add(add with { A = Last(add.A), B = Last(add.B), Y = NewLast(add.Y), Inputs = [Last(add.A), Last(add.B)], Outputs = [turned[add.Y]] });
                break;
            case MulStep mul when CanTurn(mul.A, mul.B, mul.Y):
                steps.Add(mul with { A = Last(mul.A), B = Last(mul.B), Y = NewLast(mul.Y), Inputs = [Last(mul.A), Last(mul.B)], Outputs = [turned[mul.Y]] });
                break;
            case ExtremumStep extremum when CanTurn(extremum.A, extremum.B, extremum.Y):
                steps.Add(extremum with
                {
                    A = Last(extremum.A),
                    B = Last(extremum.B),
                    Y = NewLast(extremum.Y),
                    Inputs = [Last(extremum.A), Last(extremum.B)],
                    Outputs = [turned[extremum.Y]],
                });
                break;
            case TableStep table when turned.ContainsKey(table.X) && table.Axis is 0 or 1:
                steps.Add(table with { X = Last(table.X), Y = NewLast(table.Y), Inputs = [Last(table.X)], Outputs = [turned[table.Y]], Axis = table.Axis == 0 ? 0 : table.X.Shape.Rank - 1 });
                break;
            case WideTableStep table when turned.ContainsKey(table.X):
                steps.Add(table with { X = Last(table.X), Y = NewLast(table.Y), Inputs = [Last(table.X)], Outputs = [turned[table.Y]] });
                break;
            case ConcatStep { Axis: 1 } concat when concat.Parts.All(p => turned.ContainsKey(p)):
                ImmutableArray<IntegerBuffer> parts = [.. concat.Parts.Select(Last)];
                steps.Add(concat with { Parts = parts, Y = NewLast(concat.Y), Inputs = parts, Outputs = [turned[concat.Y]], Axis = concat.Y.Shape.Rank - 1 });
                break;
            case SoftmaxStep softmax when turned.ContainsKey(softmax.X) && softmax.Length == softmax.X.Shape[1] && softmax.X.Shape[0] * softmax.Length * softmax.Trailing == softmax.X.Count:
                steps.Add(softmax with { X = Last(softmax.X), Y = NewLast(softmax.Y), Inputs = [Last(softmax.X)], Outputs = [turned[softmax.Y]], Trailing = 1 });
                break;
            case MeanStep { Trailing: 1 } mean when turned.ContainsKey(mean.X) && mean.Y.Count == mean.X.Shape[0] * mean.X.Shape[1]:
                asTheyWere.Add(mean.Y.Root);
                steps.Add(mean with { X = Last(mean.X), Inputs = [Last(mean.X)], Trailing = (int)mean.X.Shape[1] });
                break;
            default:
                foreach (var input in step.Inputs)
                {
                    First(input);
                }

                asTheyWere.UnionWith(step.Outputs.Select(o => o.Root));
                steps.Add(step);
                break;
        }
    }

    // Worth it where an operand is turned already and the others have its rank.
    private bool CanTurn(params ReadOnlySpan<IntegerBuffer> operands)
    {
        bool any = false;
        foreach (var operand in operands)
        {
            any |= turned.ContainsKey(operand);
            if (operand.Shape.Rank != operands[^1].Shape.Rank || Turned(operand.Shape) is null)
            {
                return false;
            }
        }

        return any;
    }

    private IntegerBuffer NewLast(IntegerBuffer buffer)
    {
        if (IsSame(buffer.Shape))
        {
            asTheyWere.Add(buffer.Root);
            return turned[buffer] = buffer.View(buffer.Name, Turned(buffer.Shape)!.Value);
        }

        return turned[buffer] = IntegerBuffer.Quantized(buffer.Name, Turned(buffer.Shape)!.Value, buffer.Params!);
    }

    private IntegerBuffer Last(IntegerBuffer buffer)
    {
        if (turned.TryGetValue(buffer, out var known))
        {
            return known;
        }

        First(buffer);
        if (IsSame(buffer.Shape))
        {
            return turned[buffer] = buffer.View(buffer.Name, Turned(buffer.Shape)!.Value);
        }

        var result = NewLast(buffer);
        steps.Add(new MoveStep($"{buffer.Name} channels last", buffer, result, Transposition(buffer.Shape, Order(buffer.Shape.Rank, back: false)), 0));
        return result;
    }

    // Sees to it that a buffer's elements lie as they did.
    private void First(IntegerBuffer buffer)
    {
        var root = buffer.Root;
        if (root.Params is null || !root.Constant.IsEmpty || !asTheyWere.Add(root))
        {
            return;
        }

        steps.Add(new MoveStep($"{root.Name} channels first", turned[root], root, Transposition(turned[root].Shape, Order(root.Shape.Rank, back: true)), 0));
    }

    private static IntegerWeights Reordered(ConvStep conv)
    {
        int taps = conv.Window.Taps;
        int channels = conv.Weights.Inner / taps;
        var values = new sbyte[conv.Weights.Values.Length];
        for (int row = 0; row < conv.Weights.Rows; row++)
        {
            var from = conv.Weights.Row(row);
            for (int i = 0; i < from.Length; i++)
            {
                values[(row * from.Length) + (i % taps * channels) + (i / taps)] = from[i];
            }
        }

        return new IntegerWeights(values, conv.Weights.Inner, conv.Weights.Params, conv.Weights.Bias) { BiasShifts = conv.Weights.BiasShifts };
    }
}
