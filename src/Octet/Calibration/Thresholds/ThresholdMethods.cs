namespace Octet.Calibration.Thresholds;

/// <summary>The list of all threshold methods.</summary>
public static class ThresholdMethods
{
    /// <summary>The word for choosing a method for each tensor.</summary>
    public const string Auto = "auto";

    /// <summary>All methods.</summary>
    public static IReadOnlyList<IThresholdMethod> All { get; } = [new MaxThreshold(), new PercentileThreshold(), new MseThreshold(), new KlThreshold()];

    /// <summary>The method of that name.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: there is none.</exception>
    public static IThresholdMethod Find(string name)
        => All.FirstOrDefault(m => m.Name == name) ?? throw NameSuggestion.Unknown("threshold method", name, All.Select(m => m.Name).Append(Auto));
}
