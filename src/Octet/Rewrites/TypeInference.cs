using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>
/// Asks ONNX Runtime for the types of all values of a main graph: it infers them when it loads a model. It gets the model without its
/// large constants, which become inputs of the same type, so that this costs little time and memory whatever the model's size.
/// </summary>
internal static class TypeInference
{
    // Small constants stay: shapes, axes and the like decide what is inferred.
    private const int MostBytesKept = 1024;

    /// <summary>The inferred types; empty where ONNX Runtime refuses the model, whose fault is then told where it is run in earnest.</summary>
    public static Dictionary<Value, TensorType> Run(Model model)
    {
        var types = new Dictionary<Value, TensorType>();
        foreach (var port in PortsOf(SkeletonOf(model)) ?? [])
        {
            if (model.Graph.Find(port.Name) is { } value)
            {
                types[value] = TypeOf(port, value);
            }
        }

        return types;
    }

    /// <summary>
    /// Types and shapes of all that the main graph's nodes produce for inputs of given shapes; null where any is not known without running the model, or not
    /// told apart from a scalar. What a file states of its values counts for nothing.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">A tensor for each input.</param>
    public static Dictionary<string, (ElementType Type, Shape Shape)>? Run(Model model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var skeleton = SkeletonOf(model);
        foreach (var value in skeleton.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>())
        {
            value.Type = null;
        }

        foreach (var (name, tensor) in inputs)
        {
            if (skeleton.Graph.Find(name) is { } input)
            {
                input.Type = TensorType.Of(tensor.Type, tensor.Shape);
            }
        }

        var ports = PortsOf(skeleton);
        return ports is null || ports.Any(p => p.Dimensions.IsEmpty || p.Dimensions.Any(d => d is null)) ? null
            : ports.ToDictionary(p => p.Name, p => (p.ElementType, new Shape([.. p.Dimensions.Select(d => d!.Value)])), StringComparer.Ordinal);
    }

    // Of tensors; null where ONNX Runtime refuses the model: whose fault it is will be told where it is run in earnest.
    private static SessionPort[]? PortsOf(Model skeleton)
    {
        try
        {
            using var session = new FloatSession(skeleton, new FloatSessionOptions { Optimization = GraphOptimization.None, Arena = false });
            return [.. session.Outputs.Where(p => p.ElementType != ElementType.Undefined)];
        }
        catch (OctetException e) when (e.Code is ErrorCodes.RuntimeRefusedModel or ErrorCodes.ModelTooLarge)
        {
            return null;
        }
    }

    private static Model SkeletonOf(Model model)
    {
        var copy = model.Clone();
        var graph = copy.Graph;
        foreach (var value in graph.Constants.Where(c => c.IsConstant && c.Constant!.Storage.Length > MostBytesKept && c.Constant.Type.BitWidth() >= 8 && !c.IsOutput).ToArray())
        {
            value.ReplaceUsesWith(graph.AddInput(graph.FreshName(value.Name + "_given"), TensorType.Of(value.Constant!.Type, value.Constant.Shape)));
        }

        graph.RemoveUnused();
        graph.ClearOutputs();
        foreach (var output in graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>())
        {
            graph.AddOutput(output);
        }

        return copy;
    }

    // ONNX Runtime may tell a scalar and a value of unknown rank alike: then the file's word counts.
    private static TensorType TypeOf(SessionPort port, Value value)
    {
        ImmutableArray<Dimension> dimensions = [.. port.Dimensions.Select(d => new Dimension(d, null))];
        return dimensions.IsEmpty ? new TensorType(port.ElementType, value.TensorType?.Dimensions) : new TensorType(port.ElementType, dimensions);
    }
}
