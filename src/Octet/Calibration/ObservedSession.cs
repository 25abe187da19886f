using Octet.Graphs;
using Octet.Inference;

namespace Octet.Calibration;

/// <summary>Opens sessions that give inner tensors of a model.</summary>
public static class ObservedSession
{
    /// <summary>Opens a session whose outputs are the named tensors.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="tensors">Names of graph inputs or of values that nodes produce, without repetition.</param>
    /// <param name="arena">Whether memory is kept between runs.</param>
    /// <param name="optimization">
    /// With <see cref="GraphOptimization.Basic"/>, the bits of a tensor do not depend on which others are asked for, as statistics that are merged or reused must not. <see cref="GraphOptimization.All"/>
    /// takes half the time: ONNX Runtime's fastest layouts compute a sum inside the convolution before it where nobody asks for that.
    /// </param>
    /// <exception cref="ArgumentException">The graph has no such value.</exception>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>.</exception>
    public static FloatSession Open(Model model, IEnumerable<string> tensors, bool arena = true, GraphOptimization optimization = GraphOptimization.Basic)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = model.Clone();
        copy.Graph.ClearOutputs();
        foreach (string tensor in tensors)
        {
            var value = copy.Graph.Find(tensor) ?? throw new ArgumentException($"The graph has no value {tensor}.", nameof(tensors));

            // A graph's output must not be its input itself.
            copy.Graph.AddOutput(value.Producer is null ? Copy(copy.Graph, value) : value);
        }

        copy.Graph.RemoveUnused();
        return new FloatSession(copy, new FloatSessionOptions { Optimization = optimization, IntegerKernels = false, Arena = arena });
    }

    /// <summary>The name that <see cref="Open"/> gives the output that shows <paramref name="tensor"/>.</summary>
    public static string OutputName(Graph graph, string tensor)
        => graph.Find(tensor)?.Producer is null ? tensor + "_observed" : tensor;

    private static Value Copy(Graph graph, Value value)
    {
        var copy = graph.Add("Identity", [value], OutputName(graph, value.Name));
        copy.Type = value.Type;
        return copy;
    }
}
