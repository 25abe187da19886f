using Octet.Graphs;
using Octet.Lowering;

namespace Octet;

/// <summary>Quantizes without samples: weights only, or weights with activations at run time.</summary>
internal sealed class UncalibratedQuantization(Model model, QuantizerOptions options, Phases phases)
{
    /// <summary>Does the work. The model is not changed.</summary>
    public QuantizedModel Run()
    {
        phases.Begin("weights", 1);
        var (quantized, layers) = options.Mode == QuantizationMode.Dynamic
            ? DynamicLowering.Lower(model, options.Saturation == SaturationPolicy.Avoid, options.KeepFloat)
            : WeightOnlyLowering.Lower(model, options.WeightBits, options.Effort != Effort.Fast, options.KeepFloat);
        phases.End();
        long all = layers.Sum(l => l.Weights);
        var report = new QuantizationReport
        {
            Version = Quantizer.Version,
            Mode = options.Mode.ToString().ToLowerInvariant(),
            Target = options.Target,
            QuantizedShare = all == 0 ? 1 : (double)layers.Where(l => l.Why is null).Sum(l => l.Weights) / all,
            Layers = [.. layers.Select(Report)],
            Phases = phases.Times,
        };
        return new QuantizedModel(quantized, null, report);
    }

    private static LayerReport Report(LayerOutcome layer)
    {
        string decision = layer.Why is not null ? "float" : layer.IsStoredOnly ? "weights" : "quantized";
        return new LayerReport(layer.Name, layer.OpType, decision, layer.Why, 0, null, layer.Why is null ? "nearest" : null, layer.TouchedChannels);
    }
}
