using System.Collections.Immutable;
using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Calibration.Files;

/// <summary>What a threshold method makes of each tensor's statistics by itself; a plan for a target may let tensors share, then the ranges of quantization differ.</summary>
public static class StatisticsSolution
{
    /// <summary>Solves all tensors.</summary>
    /// <param name="statistics">What was gathered.</param>
    /// <param name="method">The method.</param>
    /// <param name="settings">Its parameters.</param>
    /// <param name="type">The type to quantize to.</param>
    /// <param name="scheme">The scheme.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticMissing"/> or <see cref="ErrorCodes.StatisticKindRefused"/>: the statistics lack what the method needs.</exception>
    public static ImmutableArray<SolvedTensor> Solve(CalibrationStatistics statistics, IThresholdMethod method, ThresholdSettings settings, QuantType type, QuantScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(method);
        bool symmetric = scheme != QuantScheme.Asymmetric;
        statistics.Require(method.Needs(type, symmetric, settings), $"method {method.Name}");
        return [.. statistics.Tensors.AsParallel().AsOrdered().Select(t =>
        {
            var histogram = t.Value.Statistics.Histogram;
            var result = method.Compute(t.Value.Statistics, type, symmetric, settings);
            var parameters = ThresholdSolver.ParamsOf(method, result, type, scheme);
            return new SolvedTensor(t.Key, histogram.Min, histogram.Max, histogram.Count, result.Range.Min, result.Range.Max, parameters.Scale, parameters.ZeroPoint)
            {
                Figures = result.Figures.ToImmutableSortedDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal),
            };
        })];
    }
}
