using Octet.Calibration;
using Octet.Inference;
using Octet.Lowering;
using Octet.Numerics;

namespace Octet.Dialects.Ppq;

/// <summary>Runs a quantized network as PPQ simulates it (its TorchExecutor), before or after it is exported.</summary>
public sealed class PpqExecutor : IDisposable
{
    private readonly FloatSession session;
    private readonly string[] outputs;

    /// <summary>Prepares runs that give some tensors.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="variables">Names of tensors; rounded where the network rounds them. Null for the outputs.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: the network has no such tensor.</exception>
    public PpqExecutor(PpqGraph graph, IReadOnlyList<string>? variables = null)
        : this((graph ?? throw new ArgumentNullException(nameof(graph))).Simulation, variables ?? [.. graph.Float.Graph.Outputs.Select(o => o.Name)])
    {
    }

    internal PpqExecutor(LoweredModel lowered, IReadOnlyList<string> variables)
    {
        Variables = variables;
        foreach (string variable in Variables)
        {
            if (lowered.Model.Graph.Find(variable) is null)
            {
                throw NameSuggestion.Unknown("tensor", variable, lowered.Model.Graph.Values.Select(v => v.Name));
            }
        }

        string[] observed = [.. Variables.Select(v => lowered.Quantized.TryGetValue(v, out string? name) ? lowered.Model.Graph.Find(name)!.Uses[0].Node.Output.Name : v)];
        session = ObservedSession.Open(lowered.Model, observed, arena: false);
        outputs = [.. observed.Select(o => ObservedSession.OutputName(lowered.Model.Graph, o))];
    }

    /// <summary>The tensors that a run gives.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="inputs">A tensor for each input, by name.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>Values in the order of <see cref="Variables"/>.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RunFailed"/>: an input is missing or does not fit.</exception>
    public IReadOnlyList<Tensor> Forward(IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellationToken = default)
    {
        using var results = session.Run(inputs, outputs, cancellationToken);
        return [.. outputs.Select((_, i) => results.ToTensor(i))];
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
