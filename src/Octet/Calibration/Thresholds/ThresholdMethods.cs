using System.Collections.Immutable;
using Octet.Calibration.Thresholds.MindSpore;
using Octet.Calibration.Thresholds.Ppq;
using Octet.Calibration.Thresholds.TpuMlir;

namespace Octet.Calibration.Thresholds;

/// <summary>The list of all threshold methods.</summary>
public static class ThresholdMethods
{
    /// <summary>The word for choosing a method for each tensor.</summary>
    public const string Auto = "auto";

    /// <summary>All methods, by name.</summary>
    public static ImmutableArray<IThresholdMethod> All { get; } =
    [
        new AciqGaussThreshold(),
        new AciqLaplaceThreshold(),
        new AciqThreshold(),
        new AdmmThreshold(),
        new ArqThreshold(),
        new EntropyThreshold(),
        new HfmgThreshold(),
        new IfmrThreshold(),
        new IsotoneThreshold(),
        new JsdThreshold(),
        new KlThreshold(),
        new MaxThreshold(),
        new MindSporeKlThreshold(),
        new MindSporeMaxMinThreshold(),
        new MindSporeRemovalOutlierThreshold(),
        new MovingAverageThreshold(),
        new MseThreshold(),
        new PercentileThreshold(),
        new PpqKlThreshold(),
        new PpqMinMaxThreshold(),
        new PpqMseThreshold(),
        new PpqPercentileThreshold(),
        new RemovalOutlierThreshold(),
        new SymKlThreshold(),
        new TpuMlirAciqGaussThreshold(),
        new TpuMlirAciqLaplaceThreshold(),
        new TpuMlirKlThreshold(),
        new TpuMlirOctavThreshold(),
        new TpuMlirPercentileThreshold(),
    ];

    /// <summary>The methods that <see cref="Auto"/> chooses among: they need histograms alone.</summary>
    public static ImmutableArray<IThresholdMethod> Candidates { get; } = [new KlThreshold(), new MaxThreshold(), new MseThreshold(), new PercentileThreshold()];

    /// <summary>The methods whose ranges for all tensors <see cref="Auto"/> tries beside those that it chose tensor by tensor; some need a second sweep.</summary>
    public static ImmutableArray<IThresholdMethod> ForAllTensors { get; } = [new MaxThreshold(), new MseThreshold(), new PercentileThreshold(), new MovingAverageThreshold(), new PpqMseThreshold(), new IfmrThreshold()];

    /// <summary>The method of that name.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: there is none.</exception>
    public static IThresholdMethod Find(string name)
        => All.FirstOrDefault(m => m.Name == name) ?? throw NameSuggestion.Unknown("threshold method", name, All.Select(m => m.Name).Append(Auto));
}
