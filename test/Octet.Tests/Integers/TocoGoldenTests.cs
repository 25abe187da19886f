using System.Collections.Immutable;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Lowering.IntegerForms;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Tests.Golden;

namespace Octet.Tests.Integers;

/// <summary>
/// Every activation that TFLite's reference kernels gave for TOCO's uint8 networks (golden/toco), from the recorded inputs of its operator: 31-bit multipliers that round twice, halves away
/// from 0 at last, give the same integers.
/// </summary>
public sealed class TocoGoldenTests
{
    [GoldenTheory("toco")]
    [InlineData("qat_lenet_mnist", MultiplierRounding.Double, 0)]
    [InlineData("qat_lenet_mnist", MultiplierRounding.Single, 19)]
    [InlineData("qat_mobile_cifar", MultiplierRounding.Double, 0)]
    [InlineData("qat_mobile_cifar", MultiplierRounding.DoubleHalfUp, 58)]
    [InlineData("qat_mobile_cifar", MultiplierRounding.Single, 2019)]
    public void Steps_OnRecordedActivations_DifferFromTheRecordedResultsByTheirRoundingAlone(string net, MultiplierRounding rounding, int differing)
    {
        var file = new TfliteFile(GoldenFile.PathOf($"toco/{net}/{net}_uint8.tflite"));
        var recorded = GoldenFile.Tensors($"toco/{net}/{net}_uint8_all_tensors_first4.npz");
        var differences = new Dictionary<TfliteFile.Kind, int>();
        int compared = 0;
        foreach (var op in file.Operators.Where(o => o.Kind is not (TfliteFile.Kind.Reshape or TfliteFile.Kind.Softmax or TfliteFile.Kind.ResizeBilinear)))
        {
            int images = (int)Recorded(op.Outputs[0]).Shape[0];
            IntegerBuffer[] inputs = [.. op.Inputs.Where(i => file.Tensors[i].Bytes.Length == 0).Select(i => Buffer(file.Tensors[i], images))];
            var output = Buffer(file.Tensors[op.Outputs[0]], images);
            var steps = Steps(file, op, inputs, output, new MultiplierArithmetic(rounding));
            var program = new IntegerProgram(net, new MultiplierArithmetic(rounding), [.. inputs], [output], steps);
            var memory = new IntegerMemory(program);
            foreach (var (input, index) in inputs.Zip(op.Inputs))
            {
                Less(Recorded(index)).CopyTo(memory.Of(input));
            }

            foreach (var step in steps)
            {
                step.Run(memory);
            }

            sbyte[] expected = Less(Recorded(op.Outputs[0]));
            compared += expected.Length;
            differences[op.Kind] = differences.GetValueOrDefault(op.Kind) + expected.Zip(memory.Of(output).ToArray()).Count(p => p.First != p.Second);
        }

        Assert.Equal(net == "qat_lenet_mnist" ? 47_272 : 450_472, compared);
        TfliteFile.Kind[] products = [TfliteFile.Kind.Conv2D, TfliteFile.Kind.DepthwiseConv2D, TfliteFile.Kind.FullyConnected];
        Assert.Equal(differing, differences.Where(d => products.Contains(d.Key)).Sum(d => d.Value));
        Assert.All(differences.Where(d => !products.Contains(d.Key)), d => Assert.True(d.Value == 0, $"{d.Key}: {d.Value}"));

        Tensor Recorded(int index) => recorded[file.Tensors[index].Name.Replace('/', '|')];
    }

    private static ImmutableArray<IntegerStep> Steps(TfliteFile file, TfliteFile.Operator op, IntegerBuffer[] x, IntegerBuffer y, MultiplierArithmetic arithmetic)
    {
        string name = op.Kind.ToString();
        var options = op.Options!;
        Requantize With(Rescale rescale, int activation)
        {
            var (low, high) = Bounds(y.Params!, activation);
            return new Requantize(rescale, y.Params!.ZeroPoint, low, high);
        }

        switch (op.Kind)
        {
            case TfliteFile.Kind.Conv2D or TfliteFile.Kind.DepthwiseConv2D:
                bool isDepthwise = op.Kind == TfliteFile.Kind.DepthwiseConv2D;
                var shape = file.Tensors[op.Inputs[1]].Shape;
                var weights = Weights(file, op, isDepthwise ? shape[3] : shape[0], isDepthwise);
                var window = WindowOf(x[0], y, shape[1], shape[2], options.Int(1), options.Int(2), options.Byte(0) == 0);
                var factors = arithmetic.Rescale(x[0].Params!.Scale, weights.Params.Scales, y.Params!.Scale)!;
                return [new ConvStep(name, x[0], y, window, isDepthwise ? (int)x[0].Shape[3] : 1, weights, With(factors, options.Byte(isDepthwise ? 4 : 3))) { ChannelsLast = true }];
            case TfliteFile.Kind.FullyConnected:
                var matrix = Weights(file, op, file.Tensors[op.Inputs[1]].Shape[0], false);
                return [new DenseStep(name, x[0], y, matrix, With(arithmetic.Rescale(x[0].Params!.Scale, matrix.Params.Scales, y.Params!.Scale)!, options.Byte(0)))];
            case TfliteFile.Kind.MaxPool2D:
                return [new MaxPoolStep(name, x[0], y, WindowOf(x[0], y, options.Int(4), options.Int(3), options.Int(1), options.Int(2), options.Byte(0) == 0)) { ChannelsLast = true }];
            case TfliteFile.Kind.AveragePool2D:
                var pool = WindowOf(x[0], y, options.Int(4), options.Int(3), options.Int(1), options.Int(2), options.Byte(0) == 0);
                return [new AveragePoolStep(name, x[0], y, pool, With(arithmetic.Mean(1, [pool.Taps], 1)!, options.Byte(5))) { ChannelsLast = true }];
            case TfliteFile.Kind.Add:
                var (min, max) = Bounds(y.Params!, options.Byte(0));
                return [new AddStep(name, x[0], x[1], y, arithmetic.Sum(x[0].Params!, x[1].Params!, 1, y.Params!)!, min, max)];
            default:
                Assert.Equal(TfliteFile.Kind.Concatenation, op.Kind);
                IntegerBuffer[] parts = [.. x.Select(p => IntegerBuffer.Quantized(p.Name + "_scaled", p.Shape, y.Params!))];
                return
                [
                    .. x.Zip(parts, (from, to) => new TableStep(name, from, to, TableForm.Table(from.Params!, to.Params!))),
                    new ConcatStep(name, [.. parts], y, options.Int(0)),
                ];
        }
    }

    // RELU is 1, RELU6 is 3.
    private static (int Min, int Max) Bounds(QuantParams y, int activation)
    {
        Assert.Contains(activation, new[] { 0, 1, 3 });
        return (activation == 0 ? sbyte.MinValue : y.Quantize(0), activation == 3 ? y.Quantize(6) : sbyte.MaxValue);
    }

    private static Window WindowOf(IntegerBuffer x, IntegerBuffer y, int height, int width, int strideX, int strideY, bool isSame)
    {
        int Before(int dimension, int size, int stride) => isSame ? (int)Math.Max(((y.Shape[dimension] - 1) * stride) + size - x.Shape[dimension], 0) / 2 : 0;
        return new Window(height, width, strideY, strideX, Before(1, height, strideY), Before(2, width, strideX), 1, 1);
    }

    // Rows of output channels, the channels of a tap together.
    private static IntegerWeights Weights(TfliteFile file, TfliteFile.Operator op, int rows, bool isDepthwise)
    {
        var weights = file.Tensors[op.Inputs[1]];
        int inner = weights.Bytes.Length / rows;
        var values = new sbyte[weights.Bytes.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (sbyte)(weights.Bytes[isDepthwise ? (i % inner * rows) + (i / inner) : i] - 128);
        }

        return new IntegerWeights(values, inner, ParamsOf(weights), [.. file.Tensors[op.Inputs[2]].Int32s]);
    }

    private static QuantParams ParamsOf(TfliteFile.Tensor tensor) => new(QuantType.Int8, tensor.Scales[0], (int)tensor.ZeroPoints[0] - 128);

    private static IntegerBuffer Buffer(TfliteFile.Tensor tensor, int images)
        => IntegerBuffer.Quantized(tensor.Name, new Shape([images, .. tensor.Shape[1..].Select(d => (long)d)]), ParamsOf(tensor));

    private static sbyte[] Less(Tensor tensor) => [.. tensor.AsSpan<byte>().ToArray().Select(b => (sbyte)(b - 128))];
}
