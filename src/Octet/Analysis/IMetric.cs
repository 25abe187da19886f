namespace Octet.Analysis;

/// <summary>A user's own measure of a model's outputs. It is asked once for each model of an evaluation.</summary>
public interface IMetric
{
    /// <summary>What reports call it.</summary>
    string Name { get; }

    /// <summary>Measures one model.</summary>
    /// <param name="outputs">What it gave for all samples.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <returns>A finite number.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.MetricFailed"/>.</exception>
    double Compute(SavedOutputs outputs, CancellationToken cancellationToken);
}
