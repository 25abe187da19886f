using System.Globalization;

namespace Octet.Data.Sources;

/// <summary>How errors name a sample.</summary>
internal static class SamplePlace
{
    /// <summary>For example <c>sample 17 ("img_17.jpg")</c>.</summary>
    internal static string Of(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"sample {index} (\"{name}\")");
}
