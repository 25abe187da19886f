using Octet.Calibration;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>Finds out types and shapes by running a model once: they come from what was observed, never from rules of our own.</summary>
public static class TypeProbe
{
    /// <summary>Runs one sample and notes the type and shape of every value of the main graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">A tensor for each input.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>, <see cref="ErrorCodes.RunFailed"/>.</exception>
    public static ObservedTypes Run(Model model, IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var types = new Dictionary<string, (ElementType, Shape)>(StringComparer.Ordinal);
        foreach (var (name, tensor) in inputs)
        {
            types[name] = (tensor.Type, tensor.Shape);
        }

        string[] produced = [.. model.Graph.Nodes.SelectMany(n => n.Outputs.OfType<Value>()).Select(v => v.Name)];
        using var session = ObservedSession.Open(model, produced, arena: false);
        using var outputs = session.Run(inputs, produced, cancellationToken);
        for (int i = 0; i < produced.Length; i++)
        {
            if (outputs.TypeOf(i) is var type && type != ElementType.Undefined)
            {
                types[produced[i]] = (type, outputs.ShapeOf(i));
            }
        }

        return new ObservedTypes(types);
    }
}
