using System.Collections.Immutable;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Tests.Inference.Kernels;

/// <summary>Random steps of every kind with odd sizes, paddings, zero points and extremes, alike for alike seeds.</summary>
internal sealed class RandomSteps(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>The kinds of steps that have kernels, and what is not theirs but must work beside them.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["conv", "pointwise", "depthwise", "grouped", "planar conv", "spread conv", "spread depthwise", "dense", "float dense", "add", "add channels", "mul", "mul channels", "extremum", "extremum channels", "bilinear", "max pool", "average pool", "mean", "table", "tables", "softmax", "softmax channels", "matmul", "move pixels", "move runs", "concat", "dense sums", "conv sums", "dynamic quantize", "chain", "wide conv", "wide grouped", "wide depthwise", "wide dense", "wide long dense"];

    /// <summary>The families of rescaling.</summary>
    public static IReadOnlyList<string> Families { get; } =
        ["float", "Floor", "HalfUp", "HalfDown", "HalfAway", "HalfEven", "Single", "Double", "DoubleHalfUp", "product Floor", "product HalfAway", "product HalfEven"];

    /// <summary>A program of one step, or of a few.</summary>
    public IntegerProgram Program(string kind, string family)
    {
        bool isVector = random.Next(4) == 0;
        var planes = new Planes(random.Next(1, 3), random.Next(1, 50), isVector ? 1 : random.Next(1, 12), random.Next(1, 15));
        var x = Buffer("x", ShapeOf(planes, isVector));
        switch (kind)
        {
            case "conv" or "pointwise" or "depthwise" or "grouped" or "planar conv" or "spread conv" or "spread depthwise":
                return Of([x], Conv(kind, family, planes, isVector, x));
            case "dense":
                var rows = Buffer("x", new Shape(random.Next(1, 30), random.Next(1, 70)));
                int outputs = random.Next(1, 80);
                return Of([rows], new DenseStep("step", rows, Buffer("y", new Shape(rows.Shape[0], outputs)), Weights(outputs, (int)rows.Shape[1]), Requantize(family, outputs)));
            case "wide conv" or "wide grouped" or "wide depthwise":
                var convolved = Widened((ConvStep)Conv(kind["wide ".Length..], family, planes, isVector, x));
                return Of([convolved.X], convolved);
            case "wide dense" or "wide long dense":
                int depth = kind == "wide dense" ? random.Next(1, 200) : random.Next(2000, 3000);
                var many = Buffer("x", new Shape(random.Next(1, 30), depth), isWide: true);
                int results = random.Next(1, 80);
                bool isNarrow = random.Next(4) == 0;
                return Of([many], new DenseStep("step", many, Buffer("y", new Shape(many.Shape[0], results), !isNarrow), Weights(results, depth), Widened(Requantize(family, results), !isNarrow)));
            case "float dense":
                var from = Buffer("x", new Shape(random.Next(1, 30), random.Next(1, 70)));
                int wide = random.Next(1, 80);
                return Of(
                    [from],
                    new FloatDenseStep(
                        "step", from, IntegerBuffer.Plain("y", ElementType.Float32, new Shape(from.Shape[0], wide)), Weights(wide, (int)from.Shape[1]), [.. Enumerable.Range(0, random.Next(2) == 0 ? 1 : wide).Select(_ => (float)Factor())]));
            case "add" or "add channels":
                var b = Buffer("b", kind == "add" ? x.Shape : Pixel(x.Shape));
                var sum = Buffer("y", x.Shape);
                return Of([x, b], random.Next(2) == 0 ? new AddStep("step", x, b, sum, Sum(family, x, b, sum), Low(), High()) : new AddStep("step", b, x, sum, Sum(family, b, x, sum), Low(), High()));
            case "mul" or "mul channels":
                var other = Buffer("b", kind == "mul" ? x.Shape : Pixel(x.Shape));
                var product = Buffer("y", x.Shape);
                return Of([x, other], random.Next(2) == 0 ? new MulStep("step", x, other, product, Requantize(family, 1)) : new MulStep("step", other, x, product, Requantize(family, 1)));
            case "extremum" or "extremum channels":
                var second = Buffer("b", kind == "extremum" ? x.Shape : Pixel(x.Shape));
                bool isGreatest = random.Next(2) == 0;
                return Of([x, second], random.Next(2) == 0 ? new ExtremumStep("step", x, second, Buffer("y", x.Shape), isGreatest) : new ExtremumStep("step", second, x, Buffer("y", x.Shape), isGreatest));
            case "bilinear":
                var to = planes with { Height = isVector ? 1 : random.Next(1, 20), Width = random.Next(1, 20) };
                return Of([x], new BilinearStep("step", x, Buffer("y", ShapeOf(to, isVector)), Places(to.Height, planes.Height), Places(to.Width, planes.Width), Requantize(family, 1)));
            case "max pool":
                return Of([x], Pooled((y, window) => new MaxPoolStep("step", x, y, window)));
            case "average pool":
                return Of([x], Pooled((y, window) => new AveragePoolStep("step", x, y, window, Requantize(family, random.Next(2) == 0 ? 1 : window.Taps))));
            case "mean":
                var pooled = Buffer("y", random.Next(2) == 0 ? new Shape(planes.Images, planes.Channels) : Pixel(x.Shape));
                var before = Buffer("h", x.Shape);
                return Of([x], new MaxPoolStep("pool", x, before, new Window(1, 1, 1, 1, 0, 0, 1, 1)), new MeanStep("step", random.Next(3) == 0 ? x : before, pooled, Requantize(family, 1)));
            case "table" or "tables":
                int tables = kind == "table" ? 1 : planes.Channels;
                return Of([x], new TableStep("step", x, Buffer("y", x.Shape), [.. Enumerable.Range(0, 256 * tables).Select(_ => Byte())], 1));
            case "softmax" or "softmax channels":
                var values = kind == "softmax" ? Buffer("x", new Shape(random.Next(1, 9), random.Next(1, 90), random.Next(1, 5))) : Buffer("h", x.Shape);
                var softmax = new SoftmaxStep("step", values, Buffer("y", values.Shape), (int)values.Shape[1], Shares(family, (int)values.Shape[1])) { Trailing = (int)(values.Shape.Count / values.Shape[0] / values.Shape[1]) };
                return kind == "softmax" ? Of([values], softmax) : Of([x], new MaxPoolStep("pool", x, values, new Window(1, 1, 1, 1, 0, 0, 1, 1)), softmax);
            case "matmul":
                var (m, k, n) = (random.Next(1, 20), random.Next(1, 40), random.Next(1, 50));
                var left = Buffer("x", new Shape(random.Next(2) == 0 ? 1 : 3, 2, m, k));
                var right = Buffer("b", new Shape(3, random.Next(2) == 0 ? 1 : 2, k, n));
                return Of([left, right], new MatMulStep("step", left, right, Buffer("y", new Shape(3, 2, m, n)), Requantize(family, 1)));
            case "move pixels" or "move runs":
                return Move(kind == "move pixels", planes with { Images = 1 }, isVector);
            case "concat":
                var (part, third) = (Buffer("b", ShapeOf(planes with { Channels = random.Next(1, 40) }, isVector)), Buffer("h", x.Shape));
                var all = Buffer("y", ShapeOf(planes with { Channels = (2 * planes.Channels) + (int)part.Shape[1] }, isVector));
                return Of([x, part], new MaxPoolStep("pool", x, third, new Window(1, 1, 1, 1, 0, 0, 1, 1)), new ConcatStep("step", [third, part, x], all, 1));
            case "dense sums":
                var whole = Buffer("x", new Shape(random.Next(1, 30), random.Next(1, 70)));
                int sums = random.Next(1, 80);
                var zero = Buffer("zero", new Shape(1));
                return Of(
                    [whole, zero], new DenseSumsStep("step", whole, zero, IntegerBuffer.Plain("y", ElementType.Int32, new Shape(whole.Shape[0], sums)), Weights(sums, (int)whole.Shape[1])));
            case "conv sums":
                var (over, target) = Fit(planes, isVector);
                int channels = random.Next(1, 70);
                var zeroPoint = Buffer("zero", new Shape(1));
                var convolution = new Convolution(planes, target with { Channels = channels }, over, 1, Weights(channels, planes.Channels * over.Taps));
                return Of([x, zeroPoint], new ConvSumsStep("step", x, zeroPoint, IntegerBuffer.Plain("y", ElementType.Int32, ShapeOf(convolution.To, isVector)), convolution));
            case "dynamic quantize":
                var floats = IntegerBuffer.Plain("x", ElementType.Float32, x.Shape);
                return Of([floats], new DynamicQuantizeStep("step", floats, Buffer("y", x.Shape), IntegerBuffer.Plain("scale", ElementType.Float32, default), Buffer("zero", default)));
            default:
                return Chain(family, new Planes(1, random.Next(1, 40), isVector ? 1 : random.Next(1, 4), random.Next(1, 4)), isVector);
        }

        MaxOrAverage Pooled<MaxOrAverage>(Func<IntegerBuffer, Window, MaxOrAverage> make)
        {
            var (window, to) = Fit(planes, isVector);
            return make(Buffer("y", ShapeOf(to, isVector)), window);
        }
    }

    /// <summary>Values for the inputs of a program.</summary>
    public Dictionary<string, Tensor> Inputs(IntegerProgram program)
        => program.Inputs.ToDictionary(i => i.Name, i => Tensor.FromArray([.. Enumerable.Range(0, i.Count).Select(_ => (float)((i.IsWide ? Short() : Byte()) - (i.Params?.ZeroPoint ?? 0)))], i.Shape), StringComparer.Ordinal);

    private static IntegerProgram Of(ImmutableArray<IntegerBuffer> inputs, params ImmutableArray<IntegerStep> steps)
        => new("random", new FloatArithmetic(), inputs, [steps[^1].Output], steps);

    private static Shape ShapeOf(Planes planes, bool isVector)
        => isVector ? new Shape(planes.Images, planes.Channels, planes.Width) : new Shape(planes.Images, planes.Channels, planes.Height, planes.Width);

    private static Shape Pixel(Shape shape) => new([shape[0], shape[1], .. shape.Dimensions.Skip(2).Select(_ => 1L)]);

    // A slice, a padding and a reversal of all planes alike, or of the first dimension alone.
    private IntegerProgram Move(bool pixels, Planes planes, bool isVector)
    {
        var x = Buffer("x", ShapeOf(planes, isVector));
        var before = Buffer("h", x.Shape);
        int first = random.Next(0, planes.Width);
        var to = planes with { Width = random.Next(1, 20), Channels = pixels ? planes.Channels : random.Next(1, 60) };
        var sources = from c in Enumerable.Range(0, to.Channels)
                      from row in Enumerable.Range(0, to.Height)
                      from column in Enumerable.Range(0, to.Width)
                      select first + column >= planes.Width ? -1 : ((pixels ? c : planes.Channels - 1 - (c % planes.Channels)) * planes.Area) + (row * planes.Width) + first + column;
        return Of(
            [x],
            new MaxPoolStep("pool", x, before, new Window(1, 1, 1, 1, 0, 0, 1, 1)),
            new MoveStep("step", random.Next(3) == 0 ? x : before, Buffer("y", ShapeOf(to, isVector)), [.. sources], (sbyte)random.Next(-9, 9)));
    }

    // Convolutions, a detour through views and steps without kernels, and sums: both layouts meet.
    private IntegerProgram Chain(string family, Planes planes, bool isVector)
    {
        var x = Buffer("x", ShapeOf(planes, isVector));
        var conv = (ConvStep)Conv("pointwise", family, planes, isVector, x);
        var same = new ConvStep("same", conv.Y, Buffer("same", conv.Y.Shape), new Window(1, 1, 1, 1, 0, 0, 1, 1), 1, Weights(conv.To.Channels, conv.To.Channels), Requantize(family, conv.To.Channels));
        var flat = conv.Y.View("flat", new Shape(1, conv.Y.Count));
        var dense = new DenseStep("dense", flat, Buffer("dense", new Shape(1, conv.Y.Count)), Weights(conv.Y.Count, conv.Y.Count), Requantize(family, conv.Y.Count));
        var back = dense.Y.View("back", conv.Y.Shape);
        var reversed = new MoveStep("move", same.Y, Buffer("reversed", conv.Y.Shape), [.. Enumerable.Range(0, conv.Y.Count).Select(i => i % 7 == 0 ? -1 : conv.Y.Count - 1 - i)], 3);
        var first = new AddStep("first", back, reversed.Y, Buffer("sum", conv.Y.Shape), Sum(family, back, reversed.Y, conv.Y), Low(), High());
        return Of([x], conv, same, dense, reversed, first, new AddStep("last", same.Y, first.Y, Buffer("y", conv.Y.Shape), Sum(family, same.Y, first.Y, conv.Y), Low(), High()));
    }

    private IntegerStep Conv(string kind, string family, Planes planes, bool isVector, IntegerBuffer x)
    {
        int groups = kind switch { "depthwise" or "spread depthwise" => planes.Channels, "grouped" => Enumerable.Range(1, planes.Channels).Last(g => planes.Channels % g == 0 && g <= 4), _ => 1 };
        int outputs = kind switch { "depthwise" or "spread depthwise" => planes.Channels * (random.Next(4) == 0 ? 2 : 1), "grouped" => groups * random.Next(1, 9), _ => random.Next(1, 70) };
        if (kind == "planar conv")
        {
            planes = planes with { Channels = random.Next(1, 8) };
            x = Buffer("x", ShapeOf(planes, isVector));
        }

        var (window, to) = kind == "pointwise" ? (new Window(1, 1, 1, 1, 0, 0, 1, 1), planes) : kind.StartsWith("spread", StringComparison.Ordinal) ? Spread(planes, isVector) : Fit(planes, isVector);
        var y = Buffer("conv", ShapeOf(to with { Channels = outputs }, isVector));
        return new ConvStep("step", x, y, window, groups, Weights(outputs, planes.Channels / groups * window.Taps), Requantize(family, random.Next(4) == 0 ? 1 : outputs));
    }

    // Kernels are rarely smaller than the spread, and results cut off on both sides.
    private (Window Window, Planes To) Spread(Planes planes, bool isVector)
    {
        int spreadY = isVector ? 1 : random.Next(1, 4);
        int spreadX = random.Next(spreadY == 1 ? 2 : 1, 4);
        int height = isVector ? 1 : random.Next(spreadY, 6);
        int width = random.Next(8) == 0 ? 1 : random.Next(spreadX, 7);
        var window = new Window(height, width, 1, 1, isVector ? 0 : random.Next(-1, height), random.Next(-2, width), isVector ? 1 : random.Next(1, 3), random.Next(1, 4)) { SpreadY = spreadY, SpreadX = spreadX };
        return (window, planes with { Height = isVector ? 1 : random.Next(1, (planes.Height * spreadY) + 1), Width = random.Next(1, (planes.Width * spreadX) + 2) });
    }

    private (Window Window, Planes To) Fit(Planes planes, bool isVector)
    {
        int height = isVector ? 1 : random.Next(1, 6);
        int width = random.Next(1, 12);
        int dilation = random.Next(4) == 0 ? 2 : 1;
        var window = new Window(
            height, width, isVector ? 1 : random.Next(1, 3), random.Next(1, 4), isVector ? 0 : random.Next(0, height), random.Next(0, width), isVector ? 1 : dilation, dilation);
        int rows = Math.Max(0, (planes.Height + (2 * window.Top) - ((height - 1) * window.DilationY) - 1) / window.StrideY) + 1;
        int columns = Math.Max(0, (planes.Width + (2 * window.Left) - ((width - 1) * dilation) - 1) / window.StrideX) + 1;
        return (window, planes with { Height = isVector ? 1 : rows, Width = columns });
    }

    private ImmutableArray<int> Places(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => random.Next(0, ((size - 1) * BilinearStep.One) + 1))];

    private SoftmaxRescale Shares(string family, int length)
    {
        float scale = (float)Math.ScaleB(1 + random.NextDouble(), random.Next(-8, 2));
        var requantize = Requantize(family, 1);
        return family == "float"
            ? FloatSoftmax.Of(scale, length, new QuantParams(QuantType.Int8, 1f / random.Next(1, 300), requantize.ZeroPoint), requantize.Min, requantize.Max)
            : IntegerSoftmax.Of(scale, requantize);
    }

    private IntegerBuffer Buffer(string name, Shape shape, bool isWide = false)
        => IntegerBuffer.Quantized(name, shape, new QuantParams(isWide ? QuantType.Int16 : QuantType.Int8, 1, random.Next(3) != 0 ? random.Next(-8, 8) : isWide ? Short() : Byte()));

    // Inputs, outputs or both of 16 bits.
    private ConvStep Widened(ConvStep step)
    {
        int which = random.Next(4);
        return new ConvStep(
            step.Name, which == 0 ? step.X : Buffer("x", step.X.Shape, isWide: true), Buffer("conv", step.Y.Shape, which != 1), step.Window, step.Groups, step.Weights, Widened(step.Requantize, which != 1));
    }

    private Requantize Widened(Requantize requantize, bool isWide)
        => !isWide ? requantize : requantize with { ZeroPoint = random.Next(2) == 0 ? 0 : Short(), Min = random.Next(3) == 0 ? random.Next(-32768, 0) : -32768, Max = random.Next(3) == 0 ? random.Next(0, 32768) : 32767 };

    private IntegerWeights Weights(int rows, int inner)
    {
        int channels = random.Next(2) == 0 ? 1 : rows;
        int[] zeros = [.. Enumerable.Range(0, channels).Select(_ => random.Next(3) == 0 ? Byte() : 0)];
        var parameters = new QuantParams(QuantType.Int8, [.. zeros.Select(_ => 1f)], [.. zeros], channels == 1 ? null : 0);
        return new IntegerWeights([.. Enumerable.Range(0, rows * inner).Select(_ => Byte())], inner, parameters, random.Next(3) == 0 ? [] : [.. Enumerable.Range(0, rows).Select(_ => random.Next(-20000, 20000))])
        {
            BiasShifts = random.Next(3) == 0 ? [.. Enumerable.Range(0, rows).Select(_ => random.Next(-4, 4))] : [],
        };
    }

    private Requantize Requantize(string family, int factors)
    {
        int low = Low();
        return new Requantize(Rescale(family, factors), Byte(), low, Math.Max(low, High()));
    }

    private Rescale Rescale(string family, int factors)
    {
        if (family.StartsWith("product ", StringComparison.Ordinal))
        {
            // Rarely too far for 32 bits.
            return new ProductShiftRescale(
                [.. Repeat(() => random.Next(1, 1 << 23))], [.. Repeat(() => random.Next(0, random.Next(8) == 0 ? 63 : 32))], Enum.Parse<ShiftRounding>(family["product ".Length..]));
        }

        if (Enum.TryParse<ShiftRounding>(family, out var rounding))
        {
            return new ShiftRescale([.. Repeat(() => random.Next(3) == 0 ? random.Next(-31, 32) : random.Next(2, 14))], rounding);
        }

        return Enum.TryParse<MultiplierRounding>(family, out var twice)
            ? MultiplierRescale.Of([.. Repeat(Factor)], twice)
            : new FloatRescale([.. Repeat(() => (float)Factor())]);

        IEnumerable<TValue> Repeat<TValue>(Func<TValue> one) => Enumerable.Range(0, factors).Select(_ => one());
    }

    private double Factor() => random.Next(12) switch
    {
        0 => 0,
        1 => Math.ScaleB(1, random.Next(-34, 29)),
        2 => Math.ScaleB(1 + random.NextDouble(), random.Next(-34, 29)),
        3 => 0.5,
        _ => Math.ScaleB(1 + random.NextDouble(), random.Next(-14, 0)),
    };

    private SumRescale Sum(string family, IntegerBuffer a, IntegerBuffer b, IntegerBuffer y)
    {
        int sign = random.Next(2) == 0 ? 1 : -1;
        if (Enum.TryParse<ShiftRounding>(family.Split(' ')[^1], out var rounding))
        {
            return family.Contains(' ', StringComparison.Ordinal)
                ? new ProductShiftSum(new ProductShiftRescale([random.Next(0, 128)], [random.Next(0, 32)], rounding), new ProductShiftRescale([sign * random.Next(0, 128)], [random.Next(0, 32)], rounding))
                : new ShiftSum(random.Next(0, 23), random.Next(0, 23), sign, new ShiftRescale([random.Next(-31, 32)], rounding));
        }

        float scaleB = (float)Math.ScaleB(1 + random.NextDouble(), random.Next(-6, 6));
        float scaleY = (float)Math.ScaleB(1 + random.NextDouble(), random.Next(-6, 6));
        var other = new QuantParams(QuantType.Int8, scaleB, b.Params!.ZeroPoint);
        var result = new QuantParams(QuantType.Int8, scaleY, y.Params!.ZeroPoint);
        return Enum.TryParse<MultiplierRounding>(family, out var twice)
            ? new MultiplierArithmetic(twice).Sum(a.Params!, other, sign, result)!
            : FloatSum.Of(a.Params!, other, result, random.Next(2) * 128);
    }

    private int Low() => random.Next(3) == 0 ? random.Next(-128, 0) : -128;

    private int High() => random.Next(3) == 0 ? random.Next(0, 128) : 127;

    private short Short() => (short)(random.Next(8) switch { 0 => -32768, 1 => 32767, _ => random.Next(-32768, 32768) });

    private sbyte Byte() => (sbyte)(random.Next(8) switch { 0 => -128, 1 => 127, _ => random.Next(-128, 128) });
}
