using Octet.Inference;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>What is left of a model behind the pieces that <see cref="StagedRuns"/> ran, to be run again and again.</summary>
internal sealed class StagedRest : IDisposable
{
    private readonly FloatSession session;
    private readonly IReadOnlyList<string> outputs;
    private readonly IReadOnlyDictionary<string, Tensor>[] kept;

    internal StagedRest(FloatSession session, IReadOnlyList<string> outputs, IReadOnlyDictionary<string, Tensor>[] kept)
    {
        this.session = session;
        this.outputs = outputs;
        this.kept = kept;
    }

    /// <summary>Runs it for a sample. Any number of threads may.</summary>
    /// <param name="sample">The sample's index.</param>
    /// <param name="parameters">Values of the free inputs.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public SessionOutputs Run(int sample, IReadOnlyDictionary<string, Tensor> parameters, CancellationToken cancellationToken)
        => session.Run(new Dictionary<string, Tensor>(kept[sample].Concat(parameters), StringComparer.Ordinal), outputs, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
