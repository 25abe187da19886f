using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>The list of all threshold methods.</summary>
public static class ThresholdMethods
{
    /// <summary>The word for choosing a method for each tensor.</summary>
    public const string Auto = "auto";

    /// <summary>All methods, by name.</summary>
    public static ImmutableArray<IThresholdMethod> All { get; } = [new KlThreshold(), new MaxThreshold(), new MseThreshold(), new PercentileThreshold()];

    /// <summary>The method of that name.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: there is none.</exception>
    public static IThresholdMethod Find(string name)
        => All.FirstOrDefault(m => m.Name == name) ?? throw NameSuggestion.Unknown("threshold method", name, All.Select(m => m.Name).Append(Auto));

    /// <summary>Chooses the range with a method's defaults from a histogram alone.</summary>
    public static ValueRange Compute(this IThresholdMethod method, LogLinearHistogram histogram, QuantType type, bool symmetric)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Compute(new TensorStatistics { Histogram = histogram }, type, symmetric, new ThresholdSettings(method));
    }
}
