using System.Collections.Immutable;

namespace Octet.Analysis;

/// <summary>What was measured of the layers of a plan.</summary>
/// <param name="Errors">Of every layer; null where not measured.</param>
/// <param name="Costs">What each of the layers that were tried costs of the outputs' SQNR in dB, by key (<see cref="LayerCosts.CostOf"/>).</param>
/// <param name="Sqnr">Of the outputs, in dB; null where not measured.</param>
public sealed record LayerMeasures(LayerErrors? Errors, IReadOnlyDictionary<string, double> Costs, double? Sqnr)
{
    /// <summary>Nothing was measured.</summary>
    public static LayerMeasures None { get; } = new(null, ImmutableDictionary<string, double>.Empty, null);
}
