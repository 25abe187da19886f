using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// The weights of one group of one layer, y = x·Wᵀ, and sampled inputs to judge them by. The K inputs of an output value stand in the order
/// (kernel row, kernel column, channel), as ONNX Runtime's kernels pack them.
/// </summary>
public sealed record WeightProblem
{
    /// <summary>The layer's name, for messages.</summary>
    public string Layer { get; init; } = "";

    /// <summary>Real weights, [<see cref="Channels"/>, <see cref="K"/>], finite.</summary>
    public required float[] Weights { get; init; }

    /// <summary>Output channels, ≥ 1.</summary>
    public required int Channels { get; init; }

    /// <summary>Inputs of one output value, ≥ 1.</summary>
    public required int K { get; init; }

    /// <summary>
    /// Sampled inputs, [<see cref="RowCount"/>, <see cref="K"/>]: real values that <see cref="Input"/> represents exactly; padding is 0.
    /// Their order decides which are held out, so it must not depend on threads.
    /// </summary>
    public required float[] Rows { get; init; }

    /// <summary>Number of sampled inputs, ≥ 0; without any, the weights' own error is judged.</summary>
    public required int RowCount { get; init; }

    /// <summary>Signed type of the quantized weights, 2 to 8 bits; values from −max to max are used.</summary>
    public required QuantType Type { get; init; }

    /// <summary>Whether each channel has its own scale.</summary>
    public required bool PerChannel { get; init; }

    /// <summary>Whether every scale is a power of two.</summary>
    public bool PowerOfTwoScales { get; init; }

    /// <summary>Per-tensor parameters of the activations.</summary>
    public required QuantParams Input { get; init; }

    /// <summary>
    /// Whether pairs of products must stay within 16 bits on the sampled inputs (<see cref="PairSaturation"/>): only for uint8 activations,
    /// and not for depthwise convolutions, whose kernels never add pairs.
    /// </summary>
    public bool AvoidSaturation { get; init; }

    /// <summary>Smallest allowed scale of every channel (<see cref="BiasQuantizer.MinimumScales"/>), null for no bound.</summary>
    public float[]? MinimumScales { get; init; }

    /// <summary>Checks that the parts fit together.</summary>
    /// <exception cref="ArgumentException">Lengths do not fit, or the type or the activations' parameters are not supported.</exception>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NonFiniteWeight"/>.</exception>
    internal void Check()
    {
        Require(Channels >= 1 && K >= 1 && RowCount >= 0, $"{Channels} channels of {K} inputs, {RowCount} rows");
        Require(Weights.Length == (long)Channels * K, $"{Weights.Length} weights for {Channels} channels of {K}");
        Require(Rows.Length == (long)RowCount * K, $"{Rows.Length} values for {RowCount} rows of {K}");
        Require(Type is { Signed: true, Bits: >= 2 and <= 8 }, $"weights of type {Type}");
        Require(Input.Axis is null, "activations with one scale a channel");
        Require(!AvoidSaturation || Input.Type == QuantType.UInt8, $"the pair sums of activations of type {Input.Type}");
        Require(MinimumScales is null || MinimumScales.Length == Channels, $"{MinimumScales?.Length} smallest scales for {Channels} channels");
        Require(MinimumScales is null || Array.TrueForAll(MinimumScales, s => float.IsFinite(s) && s >= 0), "a smallest scale that is no number");
        int bad = Array.FindIndex(Weights, w => !float.IsFinite(w));
        if (bad >= 0)
        {
            throw new OctetException(
                ErrorCodes.NonFiniteWeight,
                FormattableString.Invariant($"layer \"{Layer}\": weight {bad % K} of channel {bad / K} is {Weights[bad]}; weights must be finite"),
                "repair the model, or keep this layer in float");
        }

        Require(Array.TrueForAll(Rows, float.IsFinite), "a sampled input that is not finite");
    }

    private void Require(bool holds, string found)
    {
        if (!holds)
        {
            throw new ArgumentException($"Layer \"{Layer}\": cannot solve for {found}.");
        }
    }
}
