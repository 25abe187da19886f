using System.Globalization;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Formats.C;

/// <summary>Writes the steps of a program as functions of C. <see cref="Write"/> lists the kinds; each has a file.</summary>
internal sealed partial class StepWriter
{
    private readonly CSource source;
    private readonly Dictionary<IntegerBuffer, int> activations = [];
    private readonly bool isFast;
    private int layers;

    /// <summary>Makes a writer.</summary>
    /// <param name="source">Takes the text.</param>
    /// <param name="program">The program; its activations are numbered in their order.</param>
    /// <param name="isFast">Whether loops are written for vector instructions.</param>
    public StepWriter(CSource source, IntegerProgram program, bool isFast)
    {
        this.source = source;
        this.isFast = isFast;
        foreach (var root in program.Buffers.Select(b => b.Root).Where(b => b.Params is not null && b.Constant.IsEmpty))
        {
            _ = activations.TryAdd(root, activations.Count);
        }

        HasShifts = program.Arithmetic is ShiftArithmetic;
    }

    /// <summary>Whether all scales are powers of two, so that fraction bits are written.</summary>
    public bool HasShifts { get; }

    /// <summary>Activations with their numbers.</summary>
    public IReadOnlyDictionary<IntegerBuffer, int> Activations => activations;

    /// <summary>Fraction bits of a scale that is a power of two: −log₂.</summary>
    public static int FractionBits(float scale) => -Math.ILogB(scale);

    /// <summary>Writes a step's function.</summary>
    /// <returns>Its identifier.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NoIntegerForm"/>: C cannot express it.</exception>
    public string Write(IntegerStep step)
    {
        string name = source.Name(step.Name);
        source.Line($"/* {Comment(step.Name)}: {step.GetType().Name[..^"Step".Length]}, {string.Join(" and ", step.Inputs.Select(Describe))} -> {Describe(step.Output)} */");
        switch (step)
        {
            case ConvStep conv:
                WriteConv(name, conv);
                break;
            case DenseStep dense:
                WriteDense(name, dense);
                break;
            case MatMulStep matMul:
                WriteMatMul(name, matMul);
                break;
            case AddStep add:
                WriteAdd(name, add);
                break;
            case MulStep mul:
                WriteMul(name, mul);
                break;
            case ExtremumStep extremum:
                WriteExtremum(name, extremum);
                break;
            case BilinearStep bilinear:
                WriteBilinear(name, bilinear);
                break;
            case MaxPoolStep pool:
                WriteMaxPool(name, pool);
                break;
            case AveragePoolStep pool:
                WriteAveragePool(name, pool);
                break;
            case MeanStep mean:
                WriteMean(name, mean);
                break;
            case SoftmaxStep softmax:
                WriteSoftmax(name, softmax);
                break;
            case TableStep table:
                WriteTable(name, table);
                break;
            case WideTableStep table:
                WriteWideTable(name, table);
                break;
            case ConcatStep concat:
                WriteConcat(name, concat);
                break;
            case MoveStep move:
                WriteMove(name, move);
                break;
            default:
                throw new OctetException(ErrorCodes.NoIntegerForm, $"\"{step.Name}\" stays float, and C is written for integers alone", "choose a target that quantizes it, or take the layer out of the model");
        }

        source.Close();
        source.Line();
        return name;
    }

    /// <summary>The shape, and what the integers stand for.</summary>
    public string Describe(IntegerBuffer buffer)
    {
        string shape = string.Join('x', buffer.Shape.Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("1"));
        var parameters = buffer.Params!;
        return HasShifts
            ? string.Create(CultureInfo.InvariantCulture, $"{shape} (scale 2^{-FractionBits(parameters.Scale)})")
            : string.Create(CultureInfo.InvariantCulture, $"{shape} (scale {parameters.Scale:R}, zero point {parameters.ZeroPoint})");
    }

    /// <summary>Text that cannot end a comment.</summary>
    public static string Comment(string text) => new([.. text.Replace("*/", "* /", StringComparison.Ordinal).Select(c => char.IsControl(c) ? ' ' : c)]);

    // What an element stands for, in units of its scale.
    private static string Real(string element, IntegerBuffer buffer)
        => buffer.Params!.ZeroPoint == 0 ? element : string.Create(CultureInfo.InvariantCulture, $"({element} {RescaleWriter.Plus(-buffer.Params.ZeroPoint)})");

    private static string OfCulture(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The type of an element.</summary>
    public static string TypeOf(IntegerBuffer buffer) => buffer.IsWide ? "int16_t" : "int8_t";

    // The type of sums: as short as what they can reach allows.
    private static string SumType(long bound) => bound > int.MaxValue ? "int64_t" : "int32_t";

    private static string SumType(IntegerWeights weights, IntegerBuffer x) => SumType(Enumerable.Range(0, weights.Rows).Max(row => weights.Bound(row, x.Params!)));

    private void Open(string name, IntegerStep step, params string[] inputs)
    {
        source.Line($"static void {name}({string.Join(", ", inputs.Zip(step.Inputs, (i, buffer) => $"const {TypeOf(buffer)} *restrict {i}"))}, {TypeOf(step.Output)} *restrict y)");
        source.Line("{");
    }

    private void For(string variable, int count) => source.Line($"for (int32_t {variable} = 0; {variable} < {count}; {variable}++) {{");

    // The arrays of a layer with weights; the start of its sums and the shift that ends them are set for channel m.
    private (string Weights, string Output) Weighted(IntegerWeights weights, Requantize requantize, IntegerBuffer x, IntegerBuffer y)
    {
        int layer = layers++;
        string w = source.Name(OfCulture($"W{layer}"));
        source.Array("int8_t", w, [.. weights.Values.ToArray().Select(v => (int)v)], OfCulture($"weights of layer {layer}, {weights.Rows} rows of {weights.Inner}"));
        string? bias = null;
        if (!weights.Bias.IsEmpty)
        {
            bias = source.Name(OfCulture($"B{layer}"));
            source.Array(weights.BiasShifts.IsEmpty ? "int32_t" : "int16_t", bias, weights.Bias.AsSpan(), OfCulture($"biases of layer {layer}"));
        }

        if (requantize.Rescale is not ShiftRescale shift || !HasShifts)
        {
            source.Line($"const int32_t start = {(bias is null ? "0" : $"{bias}[m]")};");
            return (w, RescaleWriter.Output(source, w, requantize, "sum", "m", SumType(weights, x)));
        }

        // Fraction bits, as the article on power-of-two networks names them: sum = B << (W_S + A_S - B_S), y = sum >> (W_S + A_S - A'_S).
        int[] wide = [.. Enumerable.Range(0, weights.Rows).Select(r => FractionBits(weights.Params.Scales[weights.Params.Scales.Length == 1 ? 0 : r]))];
        int from = FractionBits(x.Params!.Scale);
        source.Array("int8_t", source.Name($"{w}_S"), wide, OfCulture($"fraction bits of the weights of layer {layer}"));
        string start = "0";
        if (bias is not null)
        {
            int[] own = [.. wide.Select((f, r) => f + from - (weights.BiasShifts.IsEmpty ? 0 : weights.BiasShifts[r]))];
            source.Array("int8_t", source.Name($"{bias}_S"), own, OfCulture($"fraction bits of the biases of layer {layer}"));
            start = RescaleWriter.Shifted(source, $"{bias}[m]", OfCulture($"{bias}_S[m] - {w}_S[m] - A{activations[x.Root]}_S"), ShiftRounding.Floor);
        }

        source.Line($"const int32_t start = {start};");
        source.Line($"const int32_t shift = {w}_S[m] + A{activations[x.Root]}_S - A{activations[y.Root]}_S;");
        return (w, RescaleWriter.Clamped(source, RescaleWriter.Shifted(source, "sum", "shift", shift.Rounding, SumType(weights, x)), requantize.ZeroPoint, requantize.Min, requantize.Max));
    }

    // An element of planes at channel c and place (iy, ix).
    private static string At(Planes planes, string array, string channel)
        => planes.ChannelsLast ? OfCulture($"{array}[(iy * {planes.Width} + ix) * {planes.Channels} + {channel}]") : OfCulture($"{array}[({channel} * {planes.Height} + iy) * {planes.Width} + ix]");

    // The taps of a window that lie on the plane; others are skipped.
    private void Taps(Window window, Planes from, bool mayLeave)
    {
        For("ky", window.Height);
        Place("iy", Position("oy", window.StrideY, "ky", window.DilationY, window.Top), window.SpreadY, from.Height, mayLeave);
        For("kx", window.Width);
        Place("ix", Position("ox", window.StrideX, "kx", window.DilationX, window.Left), window.SpreadX, from.Width, mayLeave);
    }

    // Sets the row or column of a tap, or goes on to the next tap where it has none.
    private void Place(string name, string position, int spread, int size, bool mayLeave)
    {
        string at = spread == 1 ? name : name + "_spread";
        source.Line($"const int32_t {at} = {position};");
        if (mayLeave || spread > 1)
        {
            source.Line($"if ({at} < 0 || {at} >= {OfCulture($"{size * spread}")}{(spread == 1 ? string.Empty : OfCulture($" || {at} % {spread} != 0"))}) {{");
            source.Line("continue;");
            source.Close();
        }

        if (spread > 1)
        {
            source.Line($"const int32_t {name} = {at} / {OfCulture($"{spread}")};");
        }
    }

    private static string Position(string output, int stride, string tap, int dilation, int before)
        => OfCulture($"{output}{(stride == 1 ? string.Empty : OfCulture($" * {stride}"))} + {tap}{(dilation == 1 ? string.Empty : OfCulture($" * {dilation}"))}{(before == 0 ? string.Empty : $" {RescaleWriter.Plus(-before)}")}");

    private static bool MayLeave(Window window, Planes from, Planes to)
        => window.Top > 0 || window.Left > 0
            || ((to.Height - 1) * window.StrideY) + ((window.Height - 1) * window.DilationY) >= from.Height
            || ((to.Width - 1) * window.StrideX) + ((window.Width - 1) * window.DilationX) >= from.Width;
}
