namespace Octet.Analysis;

/// <summary>The times of one run of two models, measured in turns.</summary>
/// <param name="Threads">Threads of each run.</param>
/// <param name="Rounds">Rounds in which both were measured.</param>
/// <param name="Reference">The float model.</param>
/// <param name="Model">The integer model.</param>
public sealed record LatencyReport(int Threads, int Rounds, LatencySpread Reference, LatencySpread Model)
{
    /// <summary>How many times faster the integer model is: the ratio of the medians.</summary>
    public double Speedup => Reference.Milliseconds / Model.Milliseconds;
}
