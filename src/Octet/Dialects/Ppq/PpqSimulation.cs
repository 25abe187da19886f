using Octet.Lowering;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>Makes the float network that PPQ's executor runs.</summary>
internal static class PpqSimulation
{
    /// <summary>The network with all operators quantized, or with one alone.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="only">PPQ's name of the only operator that is quantized: the tensors that are activated there and its parameters; null for all.</param>
    public static LoweredModel Of(PpqGraph graph, string? only)
    {
        var (plan, weights) = (graph.Executed, graph.Weights);
        var model = graph.Float;
        if (only is not null)
        {
            var activated = graph.Configs.Where(c => c.Operation == only && c.State == QuantizationStates.Activated && !c.IsParameter).Select(c => c.Variable).ToHashSet(StringComparer.Ordinal);
            plan = plan with
            {
                Layers = [.. plan.Layers.Select(l => PpqGraph.NameOf(l.NodeIn(model.Graph)) == only ? l with { DataInputs = [.. l.DataInputs.Where(activated.Contains)], DataOutputs = [.. l.DataOutputs.Where(activated.Contains)] } : AsFloat(l))],
                Slots = [.. plan.Slots.Where(s => activated.Contains(s.Tensor)).Select(s => s with { Source = new SlotSource.Calibrated([s.Tensor]), Params = plan.ParamsOf(s.Tensor) })],
            };
        }

        var lowered = QdqLowering.Lower(model, plan, weights, floatWeights: true);
        if (graph.Platform is not { Rounding: RoundingPolicy.HalfEven, Table.Activations.Narrow: false })
        {
            ExplicitRounding.Apply(lowered, graph.Platform.Table.Activations, tensor => (model.Graph.Find(tensor)!.Producer is null ? graph.Platform.InputRounding : graph.Platform.Rounding) switch
            {
                RoundingPolicy.HalfUp => ExplicitRounding.HalfUp,
                RoundingPolicy.HalfDown => ExplicitRounding.HalfDown,
                RoundingPolicy.HalfFarFromZero => ExplicitRounding.HalfFarFromZero,
                _ => ExplicitRounding.HalfEven,
            });
        }

        return lowered;
    }

    private static LayerPlan AsFloat(LayerPlan layer) => layer with { Decision = LayerDecision.Float, DataInputs = [], DataOutputs = [] };
}
