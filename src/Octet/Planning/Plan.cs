using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>
/// What is quantized, and how: immutable data beside the graph. The structure (layers, which tensors have slots) comes from
/// <see cref="Planner"/>; the parameters are filled in by later steps, which make new plans.
/// </summary>
public sealed record Plan
{
    /// <summary>The target that it is for.</summary>
    public required Target Target { get; init; }

    /// <summary>All nodes, in the order of the graph.</summary>
    public required ImmutableArray<LayerPlan> Layers { get; init; }

    /// <summary>The quantized activations, in the order of the graph.</summary>
    public required ImmutableArray<TensorSlot> Slots { get; init; }

    /// <summary>Layers with quantized weights.</summary>
    public IEnumerable<LayerPlan> WeightedLayers
        => Layers.Where(l => l is { Decision: LayerDecision.Quantized, Role: Operators.OperatorRole.Weighted });

    /// <summary>Names of the tensors whose values the calibrated slots are solved from, each once, in the order of the slots.</summary>
    public IEnumerable<string> Observed => Slots.Select(s => s.Source).OfType<SlotSource.Calibrated>().SelectMany(s => s.Observed).Distinct();

    /// <summary>The slot of a tensor; null where it is not quantized.</summary>
    public TensorSlot? SlotOf(string tensor) => Slots.FirstOrDefault(s => s.Tensor == tensor);

    /// <summary>The slot that holds a tensor's parameters: its own, or the one it is the same as.</summary>
    /// <exception cref="ArgumentException">The tensor is not quantized.</exception>
    public TensorSlot Root(string tensor)
    {
        var slot = SlotOf(tensor) ?? throw new ArgumentException($"Tensor {tensor} is not quantized.", nameof(tensor));
        return slot.Source is SlotSource.SameAs same ? Root(same.Tensor) : slot;
    }

    /// <summary>The type of a tensor's integers.</summary>
    /// <exception cref="ArgumentException">The tensor is not quantized.</exception>
    public QuantType TypeOf(string tensor) => Target.Activations with { Bits = Root(tensor).Bits ?? Target.Activations.Bits };

    /// <summary>The parameters of a tensor.</summary>
    /// <exception cref="InvalidOperationException">They are not solved yet.</exception>
    public QuantParams ParamsOf(string tensor)
        => Root(tensor).Params ?? throw new InvalidOperationException($"The parameters of {tensor} are not solved yet.");

    /// <summary>Parameters whose range ends at the <see cref="TensorSlot.Cap"/> of a tensor: those given where it does not end beyond, else the same with a smaller scale.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="parameters">One scale, a power of two where the target has only such.</param>
    public QuantParams Capped(string tensor, QuantParams parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (Root(tensor).Cap is not { } cap)
        {
            return parameters;
        }

        // What is greater must not differ from it once it is quantized.
        while (parameters.Quantize(cap) < parameters.Type.Max)
        {
            parameters = new QuantParams(parameters.Type, Target.PowerOfTwoScales ? parameters.Scale / 2 : cap / (parameters.Type.Max - parameters.ZeroPoint), parameters.ZeroPoint);
        }

        return parameters;
    }

    /// <summary>Share of the multiply-accumulates that quantized layers do, 0 to 1; 1 where there are none.</summary>
    public double QuantizedShare
    {
        get
        {
            long all = Layers.Sum(l => l.MultiplyAccumulates);
            return all == 0 ? 1 : (double)Layers.Where(l => l.Decision == LayerDecision.Quantized).Sum(l => l.MultiplyAccumulates) / all;
        }
    }
}
