using Octet.Calibration;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Analysis.Causes;

/// <summary>All that is known of a quantization when its causes of loss are looked for.</summary>
public sealed record Evidence
{
    // The power of a layer's own error, as a share of the signal's, below which nobody need look for its causes: 30 dB.
    private const double LeastNoise = 1e-3;

    /// <summary>The options in force.</summary>
    public required QuantizerOptions Options { get; init; }

    /// <summary>The float graph that the plan is for.</summary>
    public required Graph Graph { get; init; }

    /// <summary>The plan, all parameters solved.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The layers' constants, by key.</summary>
    public required IReadOnlyDictionary<string, QuantizedWeights> Weights { get; init; }

    /// <summary>Each layer's own error.</summary>
    public required LayerNoise Noise { get; init; }

    /// <summary>What calibration observed, by tensor.</summary>
    public required IReadOnlyDictionary<string, TensorStatistics> Calibration { get; init; }

    /// <summary>The tensors on the samples that were measured on.</summary>
    public required IReadOnlyDictionary<string, TensorSummary> Tensors { get; init; }

    /// <summary>The extremes of each channel, by tensor, on the samples that were measured on.</summary>
    public required IReadOnlyDictionary<string, ChannelRange[]> Channels { get; init; }

    /// <summary>Ranges that do not go together, in the plan as it stands.</summary>
    public required IReadOnlyList<RangeConflict> Conflicts { get; init; }

    /// <summary>Whether there are evaluation samples apart from those that calibrated.</summary>
    public required bool HasEvaluation { get; init; }

    /// <summary>The quantized layers with weights whose own error is worth a look, the noisiest first.</summary>
    public IEnumerable<LayerPlan> NoisyLayers
        => Plan.WeightedLayers.Where(l => Noise.MeasuresOf(l.Key).NoiseRatio >= LeastNoise).OrderByDescending(l => Noise.MeasuresOf(l.Key).NoiseRatio);

    /// <summary>The user's name for a layer.</summary>
    public string NameOf(string key) => Plan.Layers.First(l => l.Key == key).Name;

    /// <summary>The float weights of a layer.</summary>
    public Tensor WeightsOf(LayerPlan layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.NodeIn(Graph).Inputs[((OperatorRole.Weighted)layer.Role).WeightInput]!.Constant!;
    }

    /// <summary>The largest weight of each index along an axis of a layer's weights.</summary>
    public float[] LargestWeights(LayerPlan layer, int axis) => new ChannelRows(WeightsOf(layer), axis).LargestMagnitudes();

    /// <summary>The middle value of those that are not zero; 0 of none.</summary>
    public static float MedianOf(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Where(v => v > 0).Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
