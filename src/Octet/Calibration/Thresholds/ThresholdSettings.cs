using System.Collections.Immutable;
using System.Globalization;

namespace Octet.Calibration.Thresholds;

/// <summary>The checked parameters of one threshold method.</summary>
public sealed class ThresholdSettings
{
    private readonly ImmutableDictionary<string, double> values;

    /// <summary>Takes a method's defaults and the values that the user gave.</summary>
    /// <param name="method">The method.</param>
    /// <param name="given">By parameter name; null for none.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: the method has no such parameter;
    /// <see cref="ErrorCodes.InvalidUsage"/>: a value lies outside its bounds.</exception>
    public ThresholdSettings(IThresholdMethod method, IReadOnlyDictionary<string, double>? given = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        var all = method.Parameters.ToImmutableDictionary(p => p.Name, p => p.Default, StringComparer.Ordinal);
        foreach (var (name, value) in given ?? ImmutableDictionary<string, double>.Empty)
        {
            var parameter = method.Parameters.FirstOrDefault(p => p.IsCalled(name))
                ?? throw (all.IsEmpty
                    ? new OctetException(ErrorCodes.UnknownName, $"the threshold method {method.Name} has no parameter \"{name}\", nor any other", "leave it out")
                    : NameSuggestion.Unknown($"parameter of the threshold method {method.Name} named", name, all.Keys.Order(StringComparer.Ordinal)));
            if (!(value >= parameter.Min && value <= parameter.Max))
            {
                throw new OctetException(
                    ErrorCodes.InvalidUsage,
                    string.Create(CultureInfo.InvariantCulture, $"{name} of the threshold method {method.Name} is {value}"),
                    string.Create(CultureInfo.InvariantCulture, $"give a number from {parameter.Min} to {parameter.Max}"));
            }

            all = all.SetItem(parameter.Name, value);
        }

        values = all;
    }

    /// <summary>Those of some parameters that a method has.</summary>
    /// <param name="method">The method.</param>
    /// <param name="given">Parameters of several methods, by name.</param>
    public static IReadOnlyDictionary<string, double> OwnOf(IThresholdMethod method, IEnumerable<KeyValuePair<string, double>> given)
    {
        ArgumentNullException.ThrowIfNull(method);
        return given.Where(p => method.Parameters.Any(own => own.IsCalled(p.Key))).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Reads parameters as users write them.</summary>
    /// <param name="method">The method.</param>
    /// <param name="words">Each <c>name=value</c>.</param>
    /// <exception cref="OctetException">As the constructor; also where a word is not of that form.</exception>
    public static ThresholdSettings Parse(IThresholdMethod method, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var given = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string word in words)
        {
            string[] parts = word.Split('=', 2);
            if (parts.Length < 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !given.TryAdd(parts[0].Trim(), value))
            {
                throw new OctetException(ErrorCodes.InvalidUsage, $"\"{word}\" is no parameter, or one that is given twice", "write name=number, once for each name");
            }
        }

        return new ThresholdSettings(method, given);
    }

    /// <summary>The value of a parameter.</summary>
    /// <param name="parameter">One of the method's own.</param>
    public double this[ThresholdParameter parameter] => values[parameter.Name];

    /// <summary>Whether a parameter that is a switch is on.</summary>
    /// <param name="parameter">One of the method's own, 0 or 1.</param>
    public bool IsOn(ThresholdParameter parameter) => this[parameter] != 0;
}
