using Octet.Graphs;
using Octet.Lowering;

namespace Octet;

/// <summary>Quantizes without samples: weights only, or weights with activations at run time.</summary>
internal sealed class UncalibratedQuantization(Model model, QuantizerOptions options, Phases phases)
{
    /// <summary>Does the work. The model is not changed.</summary>
    public QuantizedModel Run()
    {
        if (options.Mode == QuantizationMode.Dynamic)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, "mode dynamic is not built yet", "use mode static or weights");
        }

        phases.Begin("weights", 1);
        var (quantized, layers) = WeightOnlyLowering.Lower(model, options.WeightBits, options.Effort != Effort.Fast, options.KeepFloat);
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
        => new(layer.Name, layer.OpType, layer.Why is null ? "quantized" : "float", layer.Why, 0, null, layer.Why is null ? "nearest" : null, 0);
}
