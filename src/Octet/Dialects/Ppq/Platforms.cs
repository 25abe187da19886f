using System.Collections.Immutable;
using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>The platforms of PPQ 0.6.6 (ppq/quantization/quantizer, one file a platform) as tables.</summary>
internal static class Platforms
{
    // Two halves of 2^30, as 29 bits and a sign are written there.
    private static readonly PassiveBias ThirtyBits = new(30, 1 << 29);

    private static readonly string[] Least =
        ["Conv", "Gemm", "Relu", "PRelu", "Clip", "Pad", "Resize", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool", "Mul", "Add", "Max", "Sub", "Div", "LeakyRelu", "Concat", "Sigmoid", "Slice"];

    private static readonly string[] Most =
    [
        .. Least, "ConvTranspose", "Softmax", "Reshape", "Interp", "ReduceMean", "Transpose", "Flatten", "HardSwish", "HardSigmoid", "MatMul", "Attention", "LayerNormalization", "Gelu",
    ];

    private static readonly string[] Dsp = [.. Least, "ConvTranspose", "Softmax", "Reshape", "Interp", "ReduceMean", "Flatten", "Scale"];

    private static readonly string[] Cuda =
    [
        "Conv", "Relu", "PRelu", "Clip", "Gemm", "Resize", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool", "Mul", "Add", "LeakyRelu", "Split", "Concat", "Transpose", "Slice", "Reshape", "Flatten",
    ];

    private static readonly string[] OnnxOos = ["Conv", "GlobalAveragePool", "AveragePool", "Relu", "Add", "Mul", "Clip", "Sigmoid", "MatMul", "Gemm", "Concat", "LeakyRelu"];

    // What only moves values; Slice is missing there by a slip of PPQ's (two names run together), but moves values all the same.
    private static readonly ImmutableHashSet<string> Passive = ["MaxPool", "Reshape", "Flatten", "Slice", "Pad", "Split", "Transpose", "Squeeze", "Unsqueeze"];

    /// <summary>All that Octet has.</summary>
    public static IReadOnlyList<TargetPlatform> All { get; } =
    [
        Symmetric("FPGA_INT8", 502, [.. Least, "ConvTranspose"], perChannel: false, "percentile", ThirtyBits, powerOfTwo: true),
        Symmetric("NXP_INT8", 501, Least, perChannel: true, "minmax", new PassiveBias(30, 1 << 30), powerOfTwo: true) with
        {
            Rounding = RoundingPolicy.HalfUp,
            InputRounding = RoundingPolicy.HalfDown,
            WeightRounding = RoundingPolicy.HalfFarFromZero,
        },
        Symmetric("TRT_INT8", 101, Most, perChannel: true, "minmax", null),
        Symmetric("OPENVINO_INT8", 103, Most, perChannel: true, "minmax", null),
        Symmetric("PPL_CUDA_INT8", 201, [.. Cuda, "Sigmoid", "ReduceMean"], perChannel: true, "minmax", new PassiveBias(32, int.MaxValue)),
        Symmetric("PPL_DSP_TI_INT8", 303, Dsp, perChannel: true, "minmax", null),
        Asymmetric("PPL_DSP_INT8", 301, Dsp, ThirtyBits),
        Asymmetric("SNPE_INT8", 302, Dsp, ThirtyBits),
        Asymmetric("QNN_DSP_INT8", 304, Dsp, ThirtyBits),
        Asymmetric("TENGINE_INT8", 104, OnnxOos, ThirtyBits),
        Asymmetric("RKNN_INT8", 601, OnnxOos, new PassiveBias(32, 1 << 29)),
        Asymmetric("METAX_INT8_T", 702, [.. Cuda, "MatMul"], null),
        Narrow("METAX_INT8_C", 701, [.. Cuda, "MatMul"], ["Conv", "MatMul"], new PassiveBias(30, 1 << 29), RoundingPolicy.HalfEven),
        Narrow("MNN_INT8", 100, ["Conv", "Add", "Gemm"], ["Conv"], null, RoundingPolicy.HalfFarFromZero),
        Narrow("NCNN_INT8", 102, ["Conv", "Gemm"], ["Conv", "Gemm"], null, RoundingPolicy.HalfFarFromZero, floatOutput: true) with { OtherWeights = n => HasWinograd(n) ? new QuantType(6, true) { Narrow = true } : null },
        Asymmetric("ASC_INT8", 106, ["Conv", "ConvTranspose", "Gemm", "AveragePool"], null) with
        {
            Table = Table("ASC_INT8", ["Conv", "ConvTranspose", "Gemm", "AveragePool"], ["Conv", "ConvTranspose"], QuantType.UInt8, QuantType.Int8),
            WeightScheme = QuantScheme.Symmetric,
            Rounding = RoundingPolicy.HalfFarFromZero,
            InputRounding = RoundingPolicy.HalfFarFromZero,
            WeightRounding = RoundingPolicy.HalfFarFromZero,
        },
    ];

    /// <summary>Those that PPQ has and Octet has not, and why.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PPL_CUDA_INT4"] = "PPQ 0.6.6 has no quantizer for it",
        ["PPL_CUDA_MIX"] = "PPQ 0.6.6 has no quantizer for it",
        ["PPL_CUDA_FP16"] = "it quantizes nothing",
        ["HOST_INT8"] = "PPQ 0.6.6 has no quantizer for it",
        ["HEXAGON_INT8"] = "PPQ 0.6.6 has no quantizer for it",
        ["TRT_FP8"] = "Octet quantizes to integers alone",
        ["GRAPHCORE_FP8"] = "Octet quantizes to integers alone",
    };

    private static TargetPlatform Symmetric(string name, int id, string[] types, bool perChannel, string weights, PassiveBias? bias, bool powerOfTwo = false) => new()
    {
        Name = name,
        Id = id,
        QuantTypes = [.. types],
        Table = Table(name, types, perChannel ? types : [], QuantType.Int8, QuantType.Int8) with { SymmetricActivations = true, PowerOfTwoScales = powerOfTwo },
        WeightScheme = powerOfTwo ? QuantScheme.PowerOfTwo : QuantScheme.Symmetric,
        WeightAlgorithm = weights,
        Bias = bias,
    };

    private static TargetPlatform Asymmetric(string name, int id, string[] types, PassiveBias? bias) => new()
    {
        Name = name,
        Id = id,
        QuantTypes = [.. types],
        Table = Table(name, types, [], QuantType.UInt8, QuantType.UInt8),
        WeightScheme = QuantScheme.Asymmetric,
        WeightAlgorithm = "minmax",
        Bias = bias,
    };

    // From −127 to 127.
    private static TargetPlatform Narrow(string name, int id, string[] types, string[] perChannel, PassiveBias? bias, RoundingPolicy rounding, bool floatOutput = false)
    {
        var narrow = QuantType.Int8 with { Narrow = true };
        return new()
        {
            Name = name,
            Id = id,
            QuantTypes = [.. types],
            Table = Table(name, types, perChannel, narrow, narrow, floatOutput) with { SymmetricActivations = true },
            WeightAlgorithm = "minmax",
            Bias = bias,
            Rounding = rounding,
            InputRounding = rounding,
            WeightRounding = rounding,
        };
    }

    // NCNN convolves 3 × 3 by Winograd's method, whose transformed weights need two bits more.
    private static bool HasWinograd(Node node)
        => node.Is("Conv") && node.GetInt("group", 1) == 1 && node.GetInts("strides").All(s => s == 1) && node.GetInts("dilations").All(d => d == 1)
            && node.Inputs[1]?.Constant?.Shape is { Rank: > 2 } shape && shape.Dimensions.Skip(2).All(k => k == 3);

    private static Target Table(string name, string[] types, string[] perChannel, QuantType activations, QuantType weights, bool floatOutput = false)
    {
        // What joins and resizes has an observer of its own; Alignment gives inputs and output one scale afterwards.
        var rule = new OperatorRule { FloatOutput = floatOutput, OwnScale = true };
        string[] computing = [.. types.Where(t => !Passive.Contains(t))];
        return new()
        {
            Name = name,
            Description = $"PPQ's platform {name}",
            Activations = activations,
            Weights = weights,
            Operators = OperatorTable.Of(
                (rule with { PerChannelWeights = true }, [.. computing.Intersect(perChannel)]),
                (rule, [.. computing.Except(perChannel)]),
                (new OperatorRule { SharedScale = true }, [.. types.Where(Passive.Contains)])),
        };
    }
}
