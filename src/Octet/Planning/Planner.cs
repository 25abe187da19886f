using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;

namespace Octet.Planning;

/// <summary>
/// Decides what is quantized: which layers a target computes with integers, which tensors therefore have quantization
/// parameters, and which of these are shared.
/// </summary>
public sealed class Planner
{
    private readonly Graph graph;
    private readonly Target target;
    private readonly ObservedTypes types;
    private readonly IReadOnlyDictionary<Node, string> keptFloat;
    private readonly IReadOnlySet<string> bounded;
    private readonly Dictionary<Node, OperatorRole> roles = [];
    private readonly Dictionary<Node, string> floatReasons = [];
    private readonly Dictionary<Node, Node> absorbedBy = [];
    private readonly HashSet<Node> active = [];
    private readonly HashSet<Value> demanded = [];

    private Planner(Graph graph, Target target, ObservedTypes types, IReadOnlyDictionary<Node, string> keptFloat, IReadOnlySet<string> bounded)
    {
        this.graph = graph;
        this.target = target;
        this.types = types;
        this.keptFloat = keptFloat;
        this.bounded = bounded;
    }

    /// <summary>Plans a graph. The parameters of the slots are left open, but for those that the operators fix.</summary>
    /// <param name="graph">A float graph, batch normalization folded.</param>
    /// <param name="target">What it is for.</param>
    /// <param name="types">Types and shapes as one run showed them.</param>
    /// <param name="keepFloat">Words for <see cref="KeepFloat.Resolve"/>.</param>
    /// <param name="bounded">
    /// Outputs of Mins that equalization wrote behind clamps at zero, with a constant bound for each channel: it saw no value beyond the least of them, so that saturation
    /// there may stand for all. Null for none.
    /// </param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: a word of <paramref name="keepFloat"/> names nothing.</exception>
    public static Plan Build(Graph graph, Target target, ObservedTypes types, IReadOnlyList<string> keepFloat, IReadOnlySet<string>? bounded = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(target);
        var planner = new Planner(graph, target, types, KeepFloat.Resolve(graph, keepFloat), bounded ?? ImmutableHashSet<string>.Empty);
        planner.ChooseCandidates();
        planner.KeepWhatIsReadAsIntegers();
        return planner.ToPlan();
    }

    // Forward: layers with weights start integer regions, operators without weights continue them.
    private void ChooseCandidates()
    {
        var region = new HashSet<Value>();
        foreach (var node in graph.Nodes)
        {
            var role = IsBounded(node) ? new OperatorRole.Clamping(float.NegativeInfinity, node.Inputs[1]!.Constant!.ToFloats().Min()) : OperatorCatalog.RoleOf(node);
            roles.Add(node, role);
            if (RefusalOf(node, role) is { } why)
            {
                floatReasons.Add(node, why);
                continue;
            }

            bool chosen = role switch
            {
                OperatorRole.Weighted => true,
                OperatorRole.Clamping => Absorb(node),
                OperatorRole.PassThrough => true,
                _ => DataInputs(node).All(v => v.IsConstant || region.Contains(v)) && DataInputs(node).Any(region.Contains),
            };
            if (!chosen)
            {
                floatReasons.Add(node, role is OperatorRole.Clamping ? "it cannot be merged into the layer before it" : "what it reads is float");
                continue;
            }

            active.Add(node);
            if (role is not OperatorRole.PassThrough || region.Contains(node.Inputs[0]!))
            {
                region.UnionWith(node.Outputs.OfType<Value>());
            }
        }
    }

    // Backward: what nobody reads as integers need not become integers, but for layers with weights.
    private void KeepWhatIsReadAsIntegers()
    {
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!active.Contains(node) || absorbedBy.ContainsKey(node))
            {
                continue;
            }

            bool read = QuantizedOutputs(node).Any(demanded.Contains);
            bool needed = roles[node] switch
            {
                OperatorRole.Weighted => true,
                OperatorRole.PassThrough => read,
                _ => read || !target.FloatTail,
            };
            if (needed)
            {
                demanded.UnionWith(DataInputs(node));
            }
            else
            {
                active.Remove(node);
                floatReasons.Add(node, "no integer layer reads its output");
                foreach (var clamp in absorbedBy.Where(a => a.Value == node).Select(a => a.Key).ToArray())
                {
                    absorbedBy.Remove(clamp);
                    active.Remove(clamp);
                    floatReasons.Add(clamp, "no integer layer reads its output");
                }
            }
        }
    }

    private string? RefusalOf(Node node, OperatorRole role)
    {
        if (role is OperatorRole.Refused refused)
        {
            return refused.Why;
        }

        if (keptFloat.TryGetValue(node, out string? word))
        {
            return $"kept float as asked (\"{word}\")";
        }

        if (role is not OperatorRole.Clamping)
        {
            var rule = target.RuleFor(node.Domain, node.OpType);
            if (rule is null || (rule.Modes is { } modes && !modes.Contains(node.GetText("mode", "nearest"))))
            {
                return $"target {target.Name} has no integer kernel for it";
            }
        }

        foreach (var input in DataInputs(node, role))
        {
            if (types.TypeOf(input) != ElementType.Float32)
            {
                return $"its input {input.Name} is of type {types.TypeOf(input)}";
            }
        }

        return role is OperatorRole.Weighted weighted ? WeightRefusal(node, weighted) : null;
    }

    private static string? WeightRefusal(Node node, OperatorRole.Weighted role)
    {
        var weights = node.Inputs[role.WeightInput]!.Constant!;
        return weights.Type != ElementType.Float32 ? $"its weights are of type {weights.Type}"
            : weights.Count == 0 ? "its weights are empty"
            : null;
    }

    // A clamp that alone reads a layer's output costs nothing: requantization saturates there.
    private bool Absorb(Node clamp)
    {
        if (clamp.Inputs[0] is not { Uses.Count: 1, IsOutput: false, Producer: { } producer } || producer.Graph != clamp.Graph
            || !active.Contains(producer))
        {
            return false;
        }

        // The clamp at zero comes first.
        if (IsBounded(clamp) && absorbedBy.TryGetValue(producer, out var layer))
        {
            absorbedBy.Add(clamp, layer);
            return true;
        }

        if (roles[producer] is not (OperatorRole.Weighted or OperatorRole.Computing))
        {
            return false;
        }

        // Saturation of an asymmetric type ends at real 0 where the range begins there; other lower bounds fall between steps.
        if (!target.SymmetricActivations && roles[clamp] is OperatorRole.Clamping { Low: not 0 })
        {
            return false;
        }

        absorbedBy.Add(clamp, producer);
        return true;
    }

    private bool IsBounded(Node node) => node.Is("Min") && node.Inputs is [_, { IsConstant: true }] && bounded.Contains(node.Output.Name);

    private IEnumerable<Value> DataInputs(Node node) => DataInputs(node, roles[node]);

    private static IEnumerable<Value> DataInputs(Node node, OperatorRole role) => role switch
    {
        OperatorRole.Computing computing => computing.DataInputs.Select(node.Input).OfType<Value>(),
        OperatorRole.Refused => [],
        _ => node.Inputs.Take(1).OfType<Value>(),
    };

    private IEnumerable<Value> QuantizedOutputs(Node node)
    {
        var last = node;
        while (last.Outputs is [{ Uses: [var use] }, ..] && absorbedBy.GetValueOrDefault(use.Node) == node)
        {
            last = use.Node;
        }

        return last.Outputs.OfType<Value>();
    }

    private Plan ToPlan()
    {
        var layers = graph.Nodes.Where(n => n.Outputs.Any(o => o is not null)).Select(ToLayer).ToImmutableArray();
        return new Plan { Target = target, Layers = layers, Slots = [.. SlotClasses.Build(graph, target, layers).Select(s => s with { Cap = CapOf(s) })] };
    }

    private float? CapOf(TensorSlot slot)
        => slot.Source is SlotSource.Calibrated { Observed: [var tensor] } && graph.Find(tensor)!.Producer is { } node && IsBounded(node) && absorbedBy.ContainsKey(node)
            ? ((OperatorRole.Clamping)roles[node]).High
            : null;

    private LayerPlan ToLayer(Node node)
    {
        var role = roles[node];
        var decision = !active.Contains(node) ? LayerDecision.Float
            : role is OperatorRole.PassThrough or OperatorRole.Clamping ? LayerDecision.Absorbed
            : LayerDecision.Quantized;
        var layer = new LayerPlan(
            node.Outputs.OfType<Value>().First().Name, node.DisplayName, node.OpType, decision, floatReasons.GetValueOrDefault(node))
        {
            Role = role,
            MultiplyAccumulates = MultiplyAccumulates(node, role),
        };
        if (decision == LayerDecision.Float || absorbedBy.ContainsKey(node))
        {
            return layer;
        }

        var rule = target.RuleFor(node.Domain, node.OpType)!;
        bool floatOutput = rule.FloatOutput && role is OperatorRole.Weighted && !QuantizedOutputs(node).Any(demanded.Contains);
        if (floatOutput)
        {
            // The clamp then runs on the float output.
            foreach (var clamp in absorbedBy.Where(a => a.Value == node).Select(a => a.Key).ToArray())
            {
                absorbedBy.Remove(clamp);
                active.Remove(clamp);
                floatReasons.Add(clamp, "no integer layer reads its output");
            }
        }

        return layer with
        {
            DataInputs = [.. DataInputs(node).Select(v => v.Name).Distinct()],
            DataOutputs = floatOutput ? [] : [.. QuantizedOutputs(node).Select(v => v.Name)],

            // Groups of a ConvTranspose share the rows of its weights.
            PerChannelWeights = rule.PerChannelWeights && !(node.Is("ConvTranspose") && node.GetInt("group", 1) != 1),
            PowerOfTwoScales = target.PowerOfTwoScales,
            WeightType = role is OperatorRole.Weighted ? target.Weights : null,
        };
    }

    private long MultiplyAccumulates(Node node, OperatorRole role)
    {
        if (role is not OperatorRole.Weighted weighted || node.Inputs[weighted.WeightInput]?.Constant is not { } weights)
        {
            return 0;
        }

        // ConvTranspose multiplies every input value with the weights of its channel, the others collect into every output value.
        var counted = node.Is("ConvTranspose") ? node.Inputs[0]! : node.Output;
        long channels = node.Is("ConvTranspose") ? weights.Shape[0] : weights.Shape[weighted.ChannelAxis];
        return types.ShapeOf(counted) is { } shape && channels > 0 ? shape.Count * (weights.Count / channels) : 0;
    }
}
