using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

/// <summary>Runs threshold methods on plain values.</summary>
internal static class ThresholdRuns
{
    /// <summary>The result of a method on successive batches.</summary>
    public static ThresholdResult Run(string method, IReadOnlyList<float[]> batches, QuantType type, bool symmetric, params (string Name, double Value)[] parameters)
        => Run(method, batches, null, type, symmetric, parameters);

    /// <summary>The result of a method on successive batches of one shape.</summary>
    public static ThresholdResult Run(
        string method, IReadOnlyList<float[]> batches, Shape? shape, QuantType type, bool symmetric, params (string Name, double Value)[] parameters)
    {
        var named = ThresholdMethods.Find(method);
        var settings = new ThresholdSettings(named, parameters.ToDictionary(p => p.Name, p => p.Value));
        return named.Compute(TensorStatistics.Of(batches, named.Needs(type, symmetric, settings), shape), type, symmetric, settings);
    }

    /// <summary>A figure of a result.</summary>
    public static double Figure(this ThresholdResult result, string name) => result.Figures.Single(f => f.Name == name).Value;
}
