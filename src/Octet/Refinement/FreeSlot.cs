using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// A range of a lowered model that can be changed: the scale and zero point of all pairs that share it are values of their own, which a session may take as
/// inputs, so that trying a range costs a run and no new session.
/// </summary>
internal sealed class FreeSlot
{
    private readonly Value scale;
    private readonly Value zeroPoint;

    private FreeSlot(string tensor, QuantParams parameters, IReadOnlyList<Value> quantized)
    {
        Tensor = tensor;
        var graph = quantized[0].Graph;
        Before = quantized[0].Producer!.Inputs[0]!;
        var (scales, zeroPoints) = Tensors(parameters);
        scale = graph.AddConstant(tensor + "_free_scale", scales);
        zeroPoint = graph.AddConstant(tensor + "_free_zero_point", zeroPoints);
        foreach (var node in quantized.SelectMany(q => q.Uses.Select(u => u.Node).Where(n => n.Is("DequantizeLinear")).Prepend(q.Producer!)))
        {
            node.SetInput(1, scale);
            node.SetInput(2, zeroPoint);
        }
    }

    /// <summary>The tensor whose slot it is.</summary>
    public string Tensor { get; }

    /// <summary>The first value, in the order of the graph, that is quantized with it.</summary>
    public Value Before { get; }

    /// <summary>The values that a session takes as inputs.</summary>
    public IReadOnlyDictionary<string, ElementType> Parameters => new Dictionary<string, ElementType>(StringComparer.Ordinal)
    {
        [scale.Name] = scale.Constant!.Type,
        [zeroPoint.Name] = zeroPoint.Constant!.Type,
    };

    /// <summary>All calibrated slots of a plan but those that a user has a wish for, in the order of the graph.</summary>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="lowered">The plan written into a model, which is changed.</param>
    public static IReadOnlyList<FreeSlot> All(Plan plan, LoweredModel lowered)
    {
        var graph = lowered.Model.Graph;
        var position = graph.Nodes.Select((node, i) => (node, i)).ToDictionary(p => p.node, p => p.i);
        var members = plan.Slots.Where(s => lowered.Quantized.ContainsKey(s.Tensor)).ToLookup(s => plan.Root(s.Tensor).Tensor, StringComparer.Ordinal);
        return [.. plan.Slots.Where(s => s is { Source: SlotSource.Calibrated, Choice: null } && members.Contains(s.Tensor))
            .Select(s => (Slot: s, Quantized: (ImmutableArray<Value>)[.. members[s.Tensor].Select(m => graph.Find(lowered.Quantized[m.Tensor])!).OrderBy(q => position[q.Producer!])]))
            .OrderBy(p => position[p.Quantized[0].Producer!])
            .Select(p => new FreeSlot(p.Slot.Tensor, p.Slot.Params!, p.Quantized))];
    }

    /// <summary>The inputs of a session that stand for these parameters.</summary>
    public IReadOnlyDictionary<string, Tensor> Values(QuantParams parameters)
    {
        var (scales, zeroPoints) = Tensors(parameters);
        return new Dictionary<string, Tensor>(StringComparer.Ordinal) { [scale.Name] = scales, [zeroPoint.Name] = zeroPoints };
    }

    /// <summary>Writes parameters into the model.</summary>
    public void Set(QuantParams parameters)
    {
        var (scales, zeroPoints) = Tensors(parameters);
        scale.SetConstant(scales);
        zeroPoint.SetConstant(zeroPoints);
    }

    private static (Tensor Scales, Tensor ZeroPoints) Tensors(QuantParams parameters)
        => (Numerics.Tensor.Scalar(parameters.Scale), IntegerTensor.Pack([parameters.ZeroPoint], parameters.Type, default));
}
