namespace Octet.Calibration.Statistics;

/// <summary>The values themselves.</summary>
public sealed record RawValuesNeed : NeedFor<RawValues>
{
    /// <inheritdoc/>
    public override StatisticKind Kind => StatisticKind.Raw;

    /// <inheritdoc/>
    public override string Name => "raw-values";

    /// <inheritdoc/>
    public override RawValues Create(TensorStatistics first) => new();
}
