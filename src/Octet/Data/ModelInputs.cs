using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Data;

/// <summary>Tells what samples a model takes.</summary>
public static class ModelInputs
{
    /// <summary>The inputs that a run must give: all of the graph but those with a default.</summary>
    /// <param name="graph">The main graph of a model.</param>
    /// <returns>In the graph's order; a dimension that is not a number is open.</returns>
    public static IReadOnlyList<InputSpec> Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return [.. graph.Inputs.Where(i => i.Constant is null).Select(i => new InputSpec(
            i.Name, i.TensorType?.ElementType ?? ElementType.Undefined, [.. (i.TensorType?.Dimensions ?? []).Select(d => d.Size)]))];
    }
}
