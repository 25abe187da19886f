using System.Collections.Immutable;
using System.Globalization;
using Octet.Calibration.Thresholds;
using Octet.Calibration.Thresholds.Amct;
using Octet.Calibration.Thresholds.MindSpore;
using Octet.Calibration.Thresholds.Ppq;
using Octet.Calibration.Thresholds.TpuMlir;

namespace Octet.Calibration.Statistics;

/// <summary>The list of all needs that can be saved.</summary>
public static class StatisticNeeds
{
    /// <summary>How each is made from its parameters, by name. Parameters out of a file may be anything; their number is right.</summary>
    internal static ImmutableArray<(string Name, int Parameters, Func<ImmutableArray<double>, StatisticNeed?> Make)> All { get; } =
    [
        (AciqThresholds.NeedName, 2, AciqThresholds.Of),
        (BatchExtremes.NeedName, 0, _ => new BatchExtremes()),
        (BatchQuantiles.NeedName, 1, BatchQuantiles.Of),
        (ExtremeValuesNeed.NeedName, 1, p => p[0] is >= 1 and <= 1 << 20 ? new ExtremeValuesNeed((int)p[0]) : null),
        (HfmgBins.NeedName, 1, p => p[0] is >= 1 and <= 1 << 20 ? new HfmgBins((int)p[0]) : null),
        (IfmrErrors.NeedName, 7, IfmrErrors.Of),
        (MagnitudeBins.NeedName, 1, p => p[0] is >= 1 and <= 1 << 20 ? new MagnitudeBins((int)p[0]) : null),
        (MindSporeBins.NeedName, 1, MindSporeBins.Of),
        (MindSporeQuantiles.NeedName, 1, MindSporeQuantiles.Of),
        (OctavThresholds.NeedName, 1, OctavThresholds.Of),
        (PpqBins.NeedName, 2, PpqBins.Of),
        (PpqQuantiles.NeedName, 1, PpqQuantiles.Of),
        (RoundedBins.NeedName, 1, RoundedBins.Of),
        (RowTops.NeedName, 1, p => p[0] is >= -RowTops.MostAxes and < RowTops.MostAxes ? new RowTops((int)p[0]) : null),
        (TpuMlirBins.NeedName, 1, TpuMlirBins.Of),
    ];

    /// <summary>The need of that key; null where it is none that this version knows.</summary>
    /// <param name="key">As <see cref="StatisticNeed.Key"/>.</param>
    public static StatisticNeed? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string[] parts = key.Split(':', 2);
        string[] texts = parts.Length < 2 ? [] : parts[1].Split(',');
        var parameters = ImmutableArray.CreateBuilder<double>(texts.Length);
        foreach (string text in texts)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                return null;
            }

            parameters.Add(value);
        }

        var made = All.FirstOrDefault(n => n.Name == parts[0] && n.Parameters == parameters.Count).Make?.Invoke(parameters.ToImmutable());
        return made?.Key == key ? made : null;
    }
}
