namespace Octet.Analysis;

/// <summary>A measure that a function computes.</summary>
/// <param name="name">What reports call it.</param>
/// <param name="compute">Takes the outputs of all samples, in their order; they are read one by one from disk, so any number fits.</param>
public sealed class DelegateMetric(string name, Func<IEnumerable<SampleOutputs>, double> compute) : IMetric
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public double Compute(SavedOutputs outputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        double value = compute(outputs.Samples.Select(s =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return s;
        }));
        return double.IsFinite(value) ? value : throw new OctetException(ErrorCodes.MetricFailed, $"the metric \"{name}\" gave {value}, not a finite number");
    }
}
