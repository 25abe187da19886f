using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Lowering;

/// <summary>
/// Writes out what other tools leave out of QDQ models: zero points (ONNX, QuantizeLinear and DequantizeLinear: the third input is optional, and 0), and the integers of weights that a
/// QuantizeLinear makes of floats at every run. Constants that Constant nodes hold become constants of the graph.
/// </summary>
public sealed class QdqCompletion
{
    // Operators that a tool may write between a float weight and its DequantizeLinear, or make a scale with; what they give is no larger than what they read, or the model's own fault.
    private static readonly HashSet<string> Foldable =
    [
        "QuantizeLinear", "Identity", "Cast", "Clip", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Abs", "Neg", "Add", "Sub", "Mul", "Div", "Max", "Min", "ReduceMax", "ReduceMin", "Sqrt", "Exp", "Pow", "Round", "Floor", "Ceil",
    ];

    private readonly Model model;
    private readonly RewriteContext context;

    private QdqCompletion(Model model)
    {
        this.model = model;
        context = new RewriteContext(model);
    }

    /// <summary>A copy of a model in which all is written out; the model itself where nothing is missing.</summary>
    /// <param name="model">A model in QDQ form, or any other.</param>
    public static Model Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Graph.Nodes.Any(n => IsPair(n) && n.Input(2) is null) && Wanted(model.Graph).Length == 0)
        {
            return model;
        }

        var copy = model.Clone();
        var completion = new QdqCompletion(copy);
        new LiftConstants().Apply(completion.context);
        completion.Fold();
        completion.AddZeroPoints();
        copy.Graph.RemoveUnused();
        return copy;
    }

    private static bool IsPair(Node node) => node.Is("QuantizeLinear") || node.Is("DequantizeLinear");

    private void AddZeroPoints()
    {
        foreach (var node in model.Graph.Nodes.Where(n => IsPair(n) && n.Input(2) is null).ToArray())
        {
            var type = node.Is("DequantizeLinear") ? TypeOf(node.Inputs[0]!) : node.GetInt("output_dtype", 0) is > 0 and var code ? (ElementType)code : ElementType.UInt8;
            if (type.BitWidth() is not (4 or 8 or 16 or 32) || context.ShapeOf(node.Inputs[1]!) is not { } shape)
            {
                continue;
            }

            var zeros = Tensor.FromArray(type, new byte[type.ByteCount(shape.Count)], shape);
            node.SetInput(2, model.Graph.AddConstant(node.Output.Name + "_zero_point", zeros));

            // The zero point says it now; ONNX Runtime (1.29) refuses what it makes of signed pairs that say it twice.
            node.RemoveAttribute("output_dtype");
        }
    }

    // What a QuantizeLinear gives has the type of its zero point, which may have been added just now.
    private ElementType TypeOf(Value value)
        => value.Producer is { } producer && producer.Is("QuantizeLinear") && producer.Input(2) is { IsConstant: true } zero ? zero.Constant!.Type : context.TypeOf(value)?.ElementType ?? ElementType.Undefined;

    // What pairs read that depends on constants alone: integers, scales and zero points.
    private static Value[] Wanted(Graph graph)
    {
        var known = new HashSet<Value>();
        foreach (var node in graph.Nodes.Where(n => n.Is("Constant") || (n.Domain.Length == 0 && Foldable.Contains(n.OpType) && n.Inputs.All(i => i is null || i.IsConstant || known.Contains(i)))))
        {
            known.UnionWith(node.Outputs.OfType<Value>());
        }

        return [.. known.Where(v => !v.IsOutput && v.Uses.Any(u => (u.Node.Is("DequantizeLinear") && u.Index == 0) || (IsPair(u.Node) && u.Index > 0)))];
    }

    private void Fold()
    {
        foreach (var value in Wanted(model.Graph))
        {
            if (Evaluate(value) is { } tensor)
            {
                Merging.ReplaceByConstant(value, tensor);
            }
        }
    }

    // Null where ONNX Runtime refuses it: the model's fault is then told where it is run in earnest.
    private Tensor? Evaluate(Value value)
    {
        var part = model.Extract(new Dictionary<string, ElementType>(), [value.Name]);
        try
        {
            using var session = new FloatSession(part, new FloatSessionOptions { Optimization = GraphOptimization.None, Arena = false });
            using var outputs = session.Run(new Dictionary<string, Tensor>());
            return outputs.ToTensor(0);
        }
        catch (OctetException e) when (e.Code is ErrorCodes.RuntimeRefusedModel or ErrorCodes.RunFailed or ErrorCodes.UnsupportedOutput or ErrorCodes.ModelTooLarge)
        {
            return null;
        }
    }
}
