using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Lowering.IntegerForms;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Lowering;

/// <summary>
/// Makes an integer program of a quantized model: every operator between DequantizeLinear and QuantizeLinear becomes a step with its numbers written out.
/// What has no integer form stays float between explicit borders.
/// </summary>
public sealed class IntegerLowering
{
    private static readonly IReadOnlyDictionary<string, IIntegerForm> Forms =
        new IIntegerForm[]
        {
            new ConvForm(), new ConvTransposeForm(), new DenseForm(), new MatMulForm(), new SumForm(), new MulForm(), new ConcatForm(), new PoolForm(), new MeanForm(), new SoftmaxForm(),
            new ExtremumForm(), new TableForm(), new ViewForm(), new MoveForm(), new ResizeForm(), new DynamicQuantizeForm(), new SumsForm(),
        }.SelectMany(f => f.OpTypes, (form, opType) => (form, opType)).ToDictionary(p => p.opType, p => p.form, StringComparer.Ordinal);

    private readonly Model model;
    private readonly ObservedTypes types;
    private readonly Dictionary<Value, IntegerBuffer> integers = [];
    private readonly Dictionary<Value, IntegerBuffer> dequantized = [];
    private readonly Dictionary<Value, IntegerBuffer> floats = [];
    private readonly HashSet<Node> absorbed = [];
    private readonly List<Node> pending = [];
    private readonly ImmutableArray<IntegerStep>.Builder steps = ImmutableArray.CreateBuilder<IntegerStep>();
    private readonly Dictionary<string, string> reasons = new(StringComparer.Ordinal);

    private IntegerLowering(Model model, ObservedTypes types, IntegerArithmetic arithmetic)
    {
        this.model = model;
        this.types = types;
        Arithmetic = arithmetic;
    }

    /// <summary>How sums become outputs.</summary>
    internal IntegerArithmetic Arithmetic { get; }

    /// <summary>The version of ONNX's own operator set that the model is of.</summary>
    internal long OperatorSet => model.Opsets.GetValueOrDefault(string.Empty, 1);

    /// <summary>Why a layer stays float whose scales the arithmetic has no factors for.</summary>
    internal string NotExpressible => $"arithmetic {Arithmetic.Name} cannot express its scales";

    /// <summary>Makes a program.</summary>
    /// <param name="model">A model in QDQ form; it is not changed.</param>
    /// <param name="types">Types and shapes of its values for one sample.</param>
    /// <param name="arithmetic">The family of its rescaling; null for shifts with halves to even where all scales are powers of two and all zero points 0, and else floats, as ONNX Runtime computes.</param>
    public static IntegerProgram Lower(Model model, ObservedTypes types, IntegerArithmetic? arithmetic = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var chosen = arithmetic switch
        {
            null when HasPowersOfTwo(model.Graph, types) => new ShiftArithmetic(ShiftRounding.HalfEven),
            null or FloatArithmetic => new FloatArithmetic { IsUnsigned = model.Graph.Nodes.Any(n => n.Is("QuantizeLinear") && n.Input(2)?.Constant?.Type == ElementType.UInt8) },
            _ => arithmetic,
        };
        var lowering = new IntegerLowering(model, types, chosen);
        return lowering.Run();
    }

    /// <summary>The quantized values of one scale that a tensor of floats stands for; null where it is not of such.</summary>
    internal IntegerBuffer? InputOf(Value? value) => value is not null && dequantized.TryGetValue(value, out var buffer) && buffer.Params!.Axis is null ? buffer : null;

    /// <summary>Where an operator's result goes; null where floats leave it.</summary>
    internal IntegerTarget? TargetOf(Node node)
    {
        if (RequantizedOutput.Of(node.Output) is not { } requantized || ParamsOf(requantized.Quantize) is not { Axis: null } parameters)
        {
            return null;
        }

        var (low, high) = requantized.Clamp is { } clamp ? (OperatorRole.Clamping)OperatorCatalog.RoleOf(clamp) : new OperatorRole.Clamping(float.NegativeInfinity, float.PositiveInfinity);
        var buffer = IntegerBuffer.Quantized(requantized.Quantize.Inputs[0]!.Name, ShapeOf(node.Output), parameters);
        return new IntegerTarget(requantized, buffer, parameters.Quantize(low), parameters.Quantize(high));
    }

    /// <summary>The shape of a value for one sample.</summary>
    internal Shape ShapeOf(Value value) => types.ShapeOf(value) ?? throw new InvalidOperationException($"The shape of {value.Name} is not known.");

    /// <summary>The type of a value's elements.</summary>
    internal ElementType TypeOf(Value value) => types.TypeOf(value);

    /// <summary>The integer weights behind an input, with zero points and biases; null where it has none.</summary>
    internal (Tensor Values, QuantParams Params)? ConstantBehind(Value? value)
        => value?.Producer is { } node && node.Is("DequantizeLinear") && node.Inputs[0] is { IsConstant: true } constant && ParamsOf(node) is { } parameters ? (constant.Constant!, parameters) : null;

    /// <summary>Why sums are too long; null where they are not. Those of 8-bit values must fit 32 bits; those of 16-bit values may take 48 where the arithmetic takes them, too.</summary>
    /// <param name="what">The sums, for the message.</param>
    /// <param name="bound">The greatest magnitude that one can have.</param>
    /// <param name="isWide">Whether they are of 16-bit values.</param>
    /// <param name="rescale">What becomes of them; null where they become floats.</param>
    internal static string? TooLong(string what, long bound, bool isWide, Rescale? rescale)
    {
        int bits = isWide && rescale?.TakesLongSums != false ? Numerics.Rescaling.Rescale.LongBits : 32;
        long most = (1L << (bits - 1)) - 1;
        return bound > most ? FormattableString.Invariant($"{what} could reach {bound}, and {bits} bits end at {most}") : null;
    }

    /// <summary>Takes a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="target">Where its result goes; null where the form says so itself.</param>
    internal void Add(IntegerStep step, IntegerTarget? target = null)
    {
        steps.Add(step);
        if (target is { Absorbed: var end })
        {
            integers[end.Quantize.Output] = target.Buffer;
            _ = absorbed.Add(end.Quantize);
            if (end.Clamp is { } clamp)
            {
                _ = absorbed.Add(clamp);
            }
        }
    }

    /// <summary>A tensor as it is; null for a constant.</summary>
    internal IntegerBuffer? FloatsOf(Value value) => value.IsConstant ? null : FloatOf(value);

    /// <summary>The values of a tensor of 8-bit integers, whatever they stand for; null for a constant.</summary>
    internal IntegerBuffer? IntegersOf(Value value)
    {
        if (value.IsConstant || integers.ContainsKey(value))
        {
            return integers.GetValueOrDefault(value);
        }

        var given = FloatOf(value);
        var taken = NewIntegers(value);
        steps.Add(new TakeIntegersStep(taken.Name, given, taken));
        return taken;
    }

    /// <summary>A buffer of 8-bit integers that a step gives as they are.</summary>
    internal IntegerBuffer NewIntegers(Value value) => integers[value] = IntegerBuffer.Quantized(value.Name, ShapeOf(value), IntegerBuffer.AsTheyAre(types.TypeOf(value)));

    /// <summary>A buffer of numbers of another kind that a step gives.</summary>
    internal IntegerBuffer NewPlain(Value value) => floats[value] = IntegerBuffer.Plain(value.Name, types.TypeOf(value), ShapeOf(value));

    /// <summary>Makes a tensor of floats stand for quantized values.</summary>
    internal void Stand(Value value, IntegerBuffer buffer) => dequantized[value] = buffer;

    /// <summary>Runs nodes that lead from one value to another on floats of our own.</summary>
    internal float[] Evaluate(Value from, Tensor values, Value to)
    {
        var part = model.Extract(new Dictionary<string, ElementType> { [from.Name] = ElementType.Float32 }, [to.Name]);
        using var session = new FloatSession(part, new FloatSessionOptions { Optimization = GraphOptimization.None, Arena = false });
        using var outputs = session.Run(new Dictionary<string, Tensor> { [from.Name] = values });
        return outputs.ToTensor(0).ToFloats();
    }

    // Unsigned values are held less the half of their range, so that all code knows one type.
    private static QuantParams? ParamsOf(Node pair, ObservedTypes types)
    {
        if (pair.Input(1) is not { IsConstant: true, Constant: { Type: ElementType.Float32 } scale } || pair.Input(2) is not { IsConstant: true } zeroPoint)
        {
            return null;
        }

        int offset = IntegerBuffer.Offset(zeroPoint.Constant!.Type);
        QuantType? type = zeroPoint.Constant.Type switch
        {
            ElementType.Int8 or ElementType.UInt8 => QuantType.Int8,
            ElementType.Int16 or ElementType.UInt16 => QuantType.Int16,
            ElementType.Int4 => QuantType.Int4,
            ElementType.Int32 => QuantType.Int32,
            _ => null,
        };
        float[] scales = scale.ToFloats();
        if (type is null || !scales.All(s => float.IsFinite(s) && s > 0) || pair.GetInt("block_size", 0) != 0)
        {
            return null;
        }

        long axis = pair.GetInt("axis", 1);
        axis = axis < 0 && types.ShapeOf(pair.Inputs[0]!) is { } shape ? axis + shape.Rank : axis;
        return new QuantParams(type.Value, [.. scales], [.. zeroPoint.Constant.ToInt64s().Select(z => (int)z - offset)], scales.Length == 1 ? null : (int)axis);
    }

    private static bool HasPowersOfTwo(Graph graph, ObservedTypes types)
        => graph.Nodes.Where(n => n.Is("QuantizeLinear") || n.Is("DequantizeLinear")).Select(n => ParamsOf(n, types)).ToArray() is { Length: > 0 } all
            && all.All(p => p is not null && p.ZeroPoints.All(z => z == 0) && p.Scales.All(s => PowerOfTwo.AtLeast(s) == s));

    private QuantParams? ParamsOf(Node pair) => ParamsOf(pair, types);

    private IntegerProgram Run()
    {
        var inputs = model.Graph.Inputs.Select(Begin).ToImmutableArray();
        foreach (var node in model.Graph.Nodes.Where(n => !absorbed.Contains(n)))
        {
            Lower(node);
        }

        var outputs = model.Graph.Outputs.Select(o => dequantized.GetValueOrDefault(o)?.View(o.Name, ShapeOf(o)) ?? FloatOf(o)).ToImmutableArray();
        return new IntegerProgram(model.Graph.Name, Arithmetic, inputs, outputs, steps.ToImmutable()) { Reasons = reasons.ToImmutableSortedDictionary(StringComparer.Ordinal) };
    }

    // An input that nothing but one QuantizeLinear reads is given quantized.
    private IntegerBuffer Begin(Value input)
    {
        if (input is { IsOutput: false, Uses: [{ Node: var reader }] } && reader.Is("QuantizeLinear") && ParamsOf(reader) is { Axis: null } parameters)
        {
            var buffer = IntegerBuffer.Quantized(input.Name, ShapeOf(input), parameters);
            integers[reader.Output] = buffer;
            _ = absorbed.Add(reader);
            return buffer;
        }

        return floats[input] = IntegerBuffer.Plain(input.Name, types.TypeOf(input), ShapeOf(input));
    }

    private void Lower(Node node)
    {
        if (node.Is("DequantizeLinear") && Dequantize(node))
        {
            return;
        }

        if (node.Is("QuantizeLinear") && ParamsOf(node) is { } parameters && node.Inputs[0] is { IsConstant: false } from && types.TypeOf(from) == ElementType.Float32)
        {
            Quantize(node, from, parameters);
            return;
        }

        string? why = node.Domain.Length == 0 && Forms.TryGetValue(node.OpType, out var form) ? form.Lower(this, node) : $"{node.OpType} has no integer form";
        if (why is not null)
        {
            if (!node.Is("DequantizeLinear") && !node.Is("QuantizeLinear"))
            {
                reasons[node.DisplayName] = ScalesAlongAnAxis(node) ?? why;
            }

            pending.Add(node);
        }
    }

    // What none of the forms takes.
    private string? ScalesAlongAnAxis(Node node)
    {
        var given = node.Inputs.OfType<Value>().Select(v => dequantized.GetValueOrDefault(v)?.Params!.Axis);
        var wanted = node.Outputs.OfType<Value>().SelectMany(o => o.Uses).Where(u => u.Node.Is("QuantizeLinear")).Select(u => ParamsOf(u.Node)?.Axis);
        return given.Concat(wanted).FirstOrDefault(a => a is not null) is { } axis ? FormattableString.Invariant($"its values have scales of their own along axis {axis}") : null;
    }

    // Constants wait for the operator that reads them.
    private bool Dequantize(Node node)
    {
        if (integers.TryGetValue(node.Inputs[0]!, out var buffer) && ParamsOf(node) == buffer.Params)
        {
            dequantized[node.Output] = buffer;
            return true;
        }

        if (floats.TryGetValue(node.Inputs[0]!, out var given) && given.Type is ElementType.UInt8 or ElementType.Int8 or ElementType.UInt16 or ElementType.Int16 && ParamsOf(node) is { } own)
        {
            var taken = IntegerBuffer.Quantized(node.Inputs[0]!.Name, given.Shape, own);
            steps.Add(new TakeIntegersStep(taken.Name, given, taken));
            dequantized[node.Output] = taken;
            return true;
        }

        if (ConstantBehind(node.Output) is ({ } values, { Axis: null, Type.Bits: 8 or 16 } parameters))
        {
            int offset = IntegerBuffer.Offset(values.Type);
            dequantized[node.Output] = IntegerBuffer.Known(node.Output.Name, values.Shape, parameters, [.. values.ToInt64s().Select(v => (int)v - offset)]);
        }

        return node.Inputs[0] is { IsConstant: true };
    }

    private void Quantize(Node node, Value from, QuantParams parameters)
    {
        var shape = ShapeOf(from);
        if (dequantized.TryGetValue(from, out var buffer) && buffer.Params == parameters)
        {
            integers[node.Output] = buffer;
            return;
        }

        if (buffer is { Params.Axis: null } && parameters.Axis is null)
        {
            var result = IntegerBuffer.Quantized(from.Name, shape, parameters);
            steps.Add(TableForm.Step(node.DisplayName, buffer, result, parameters.Type.Min, parameters.Type.Max));
            integers[node.Output] = result;
            return;
        }

        var quantized = IntegerBuffer.Quantized(from.Name, shape, parameters);
        steps.Add(new QuantizeStep(node.DisplayName, FloatOf(from), quantized));
        integers[node.Output] = quantized;
    }

    private IntegerBuffer FloatOf(Value value)
    {
        if (floats.TryGetValue(value, out var known))
        {
            return known;
        }

        if (dequantized.TryGetValue(value, out var buffer))
        {
            var result = IntegerBuffer.Plain(value.Name, ElementType.Float32, buffer.Shape);
            steps.Add(new DequantizeStep(value.Name, buffer, result));
            return floats[value] = result;
        }

        if (integers.TryGetValue(value, out var raw))
        {
            var result = IntegerBuffer.Plain(value.Name, types.TypeOf(value), raw.Shape);
            steps.Add(new IntegersStep(value.Name, raw, result));
            return floats[value] = result;
        }

        RunPending();
        return floats[value];
    }

    // Constants are dequantized by those who read floats, once and not at every run.
    private bool IsKnown(Value value)
        => floats.ContainsKey(value) || integers.ContainsKey(value) || (dequantized.TryGetValue(value, out var buffer) && buffer.Root.Constant.IsEmpty);

    // All nodes that stay float and were not run yet, as one model. They read nothing that comes later.
    private void RunPending()
    {
        var inside = pending.SelectMany(n => n.Outputs.OfType<Value>()).ToHashSet();
        Value[] outputs = [.. pending.SelectMany(n => n.Outputs.OfType<Value>()).Where(v => v.IsOutput || v.Uses.Any(u => !inside.Overlaps(u.Node.Outputs.OfType<Value>())))];
        Value[] inputs = [.. GraphCloner.Ancestors(outputs, v => !inside.Contains(v) && IsKnown(v)).Read.Where(v => !v.IsConstant)];
        ImmutableArray<string> names = [.. pending.Select(n => n.DisplayName)];
        pending.Clear();
        ImmutableArray<IntegerBuffer> from = [.. inputs.Select(FloatOf)];
        ImmutableArray<IntegerBuffer> to = [.. outputs.Select(o => IntegerBuffer.Plain(o.Name, types.TypeOf(o), ShapeOf(o)))];
        var part = model.Extract(from.ToDictionary(b => b.Name, b => b.Type, StringComparer.Ordinal), [.. to.Select(b => b.Name)]);
        steps.Add(new FloatStep(part, names, from, to));
        for (int i = 0; i < to.Length; i++)
        {
            floats[outputs[i]] = to[i];
        }
    }
}
