using Octet.Data;

namespace Octet.Cli.Settings;

/// <summary>Whether samples come with classes.</summary>
internal static class SampleLabels
{
    /// <summary>Whether any sample has a class; no sample is loaded for it.</summary>
    public static bool HasLabels(this ISampleSource samples) => Enumerable.Range(0, samples.Count).Any(i => samples.LabelsOf(i).Any(l => l is not null));
}
