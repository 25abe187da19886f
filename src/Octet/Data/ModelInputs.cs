using Octet.Graphs;

namespace Octet.Data;

/// <summary>Tells what samples a model takes.</summary>
public static class ModelInputs
{
    /// <summary>The inputs that a run must give: all of the graph but those with a default.</summary>
    /// <param name="graph">The main graph of a model.</param>
    /// <returns>In the graph's order, at least one; a dimension that is not a number is open.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ModelMalformed"/>: there is no such input, or one is no tensor or does not state how many dimensions it has.</exception>
    public static IReadOnlyList<InputSpec> Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var inputs = graph.Inputs.Where(i => i.Constant is null).ToArray();
        if (inputs.Length == 0)
        {
            throw new OctetException(ErrorCodes.ModelMalformed, "the model has no inputs, so that there is nothing that samples could feed");
        }

        return [.. inputs.Select(i => i.TensorType is { Dimensions: { } dimensions } type
            ? new InputSpec(i.Name, type.ElementType, [.. dimensions.Select(d => d.Size is > 0 ? d.Size : null)])
            : throw new OctetException(
                ErrorCodes.ModelMalformed,
                $"input \"{i.Name}\" {(i.Type is null or TensorType ? "does not state how many dimensions it has" : $"is {i.Type}, not a tensor")}",
                "samples are tensors; export the model with the shapes of its inputs"))];
    }
}
