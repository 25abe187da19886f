using System.Globalization;

namespace Octet.Tests.Cli;

/// <summary>Runs a piece of a test under other cultures.</summary>
internal static class Cultures
{
    /// <summary>Names for a theory.</summary>
    public static TheoryData<string> Names => ["invariant", "comma"];

    /// <summary>Runs an action under a culture: the invariant one, or one that writes 1.234,5 as German does.</summary>
    public static void Under(string name, Action action)
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        if (name == "comma")
        {
            culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "\u2212";
        }

        CultureInfo.CurrentCulture = culture;
        try
        {
            action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
