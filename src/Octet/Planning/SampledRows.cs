using Octet.Calibration.Patches;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>Which rows of their inputs the layers of a plan want sampled.</summary>
public static class SampledRows
{
    /// <summary>The requests of all layers with weights whose reading is known.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="types">Shapes.</param>
    /// <param name="samples">Number of samples to come.</param>
    /// <param name="bytes">Memory for all of them.</param>
    public static IReadOnlyList<PatchRequest> Requests(this Plan plan, Graph graph, ObservedTypes types, int samples, long bytes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(types);
        var layers = new List<(string, string, Shape, PatchGeometry)>();
        foreach (var layer in plan.WeightedLayers)
        {
            string tensor = layer.DataInputs[0];
            if (PatchGeometry.Of(layer.NodeIn(graph)) is { } geometry && types.ShapeOf(graph.Find(tensor)!) is { } shape)
            {
                layers.Add((layer.Key, tensor, shape, geometry));
            }
        }

        return PatchBudget.Share(layers, bytes, samples);
    }
}
