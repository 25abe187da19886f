using Octet.Calibration;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Planning;

/// <summary>
/// Finds out types and shapes: as ONNX Runtime infers them for the shapes of a sample, or, where that leaves any open, by running the sample. They never come from rules of our own.
/// </summary>
public static class TypeProbe
{
    /// <summary>The type and shape of every value of the main graph for one sample.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">A tensor for each input.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>, <see cref="ErrorCodes.RunFailed"/>.</exception>
    public static ObservedTypes Run(Model model, IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellationToken = default)
        => Run(model, inputs, null, cancellationToken);

    /// <summary>The same within a limit of memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">A tensor for each input.</param>
    /// <param name="memory">Bytes that the values shown at a time may take; several runs then show all. Null for one run.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>, <see cref="ErrorCodes.RunFailed"/>.</exception>
    public static ObservedTypes Run(Model model, IReadOnlyDictionary<string, Tensor> inputs, long? memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var types = new Dictionary<string, (ElementType, Shape)>(StringComparer.Ordinal);
        long largest = 1;
        foreach (var (name, tensor) in inputs)
        {
            types[name] = (tensor.Type, tensor.Shape);
            largest = Math.Max(largest, tensor.Count * sizeof(float));
        }

        if (TypeInference.Run(model, inputs) is { } inferred)
        {
            return new ObservedTypes(new Dictionary<string, (ElementType, Shape)>(types.Concat(inferred), StringComparer.Ordinal));
        }

        string[] produced = [.. model.Graph.Nodes.SelectMany(n => n.Outputs.OfType<Value>()).Select(v => v.Name)];
        int shown = 1;
        for (int start = 0; start < produced.Length; start += shown)
        {
            // How large the next ones are, nobody knows; mostly as large as those before.
            shown = memory is { } most ? (int)Math.Clamp(most / largest, 1, 2 * shown) : produced.Length;
            string[] some = [.. produced.Skip(start).Take(shown)];
            using var session = ObservedSession.Open(model, some, arena: false);
            using var outputs = session.Run(inputs, some, cancellationToken);
            for (int i = 0; i < some.Length; i++)
            {
                if (outputs.TypeOf(i) is var type && type != ElementType.Undefined)
                {
                    types[some[i]] = (type, outputs.ShapeOf(i));
                    largest = Math.Max(largest, outputs.ShapeOf(i).Count * sizeof(float));
                }
            }
        }

        return new ObservedTypes(types);
    }
}
