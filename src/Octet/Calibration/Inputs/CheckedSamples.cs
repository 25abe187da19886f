using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Calibration.Inputs;

/// <summary>
/// Samples that are looked at when they are first loaded, so that checking them costs no second decoding. A sample that cannot be used
/// ends the work with the first error; <see cref="ThrowAll"/> then finds all others.
/// </summary>
public sealed class CheckedSamples : DerivedSamples, IDisposable
{
    private readonly DataChecks checks;
    private readonly InputExpectation expectation;
    private readonly IReadOnlyList<InputSpec> inputs;
    private readonly int[] looked;
    private volatile bool hasErrors;

    /// <summary>Makes samples that are checked against a model.</summary>
    /// <param name="model">The float model as it was read: rewrites take away what tells of its training. It is looked at now and may be changed afterwards.</param>
    /// <param name="source">The samples.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ModelMalformed"/>: the model has no inputs that samples can feed.</exception>
    public CheckedSamples(Model model, ISampleSource source)
        : base(source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        inputs = ModelInputs.Of(model.Graph);
        checks = new DataChecks(inputs, source.Preprocess);
        expectation = new InputExpectation(model, inputs, source.Preprocess);
        looked = new int[source.Count];
    }

    /// <summary>Whether a sample that was loaded cannot be used.</summary>
    public bool HasErrors => hasErrors;

    /// <inheritdoc/>
    public override Sample Load(int index)
    {
        bool isFirst = Interlocked.Exchange(ref looked[index], 1) == 0;
        Sample sample;
        try
        {
            sample = Named(base.Load(index));
        }
        catch (OctetException e)
        {
            hasErrors = true;
            if (isFirst)
            {
                checks.Fail(index, NameOf(index), e);
            }

            throw;
        }

        if (isFirst)
        {
            if (checks.Observe(sample) is { } error)
            {
                hasErrors = true;
                throw new OctetException(error.Code, error.Message);
            }

            expectation.Offer(sample);
        }

        return sample;
    }

    /// <summary>What was found in the samples loaded so far, in their order; what is about all of them last.</summary>
    public IReadOnlyList<DataProblem> Problems() => [.. checks.ProblemsOfSamples(), .. expectation.Problems(checks.Ranges())];

    /// <summary>Loads the samples that were not loaded yet, and throws all errors of all samples as one.</summary>
    /// <param name="threads">Samples that are loaded side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">A sample cannot be used; the code is that of the first one, the message names all (the first few in full).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public void ThrowAll(int threads, CancellationToken cancellationToken = default)
    {
        ParallelRuns.ForEach(
            Count,
            threads,
            index =>
            {
                if (Volatile.Read(ref looked[index]) == 0)
                {
                    try
                    {
                        Load(index);
                    }
                    catch (OctetException)
                    {
                        // It stands in the checks now, with the others.
                    }
                }
            },
            cancellationToken);
        DataChecks.ThrowOnErrors(checks.ProblemsOfSamples());
    }

    /// <inheritdoc/>
    public void Dispose() => expectation.Dispose();

    /// <summary>Gives the only input, which samples may leave without a name, its name.</summary>
    private Sample Named(Sample sample)
        => inputs.Count == 1 && sample.Inputs.Count == 1 && sample.Inputs.TryGetValue(string.Empty, out var only)
            ? sample with { Inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [inputs[0].Name] = only } }
            : sample;
}
