using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>What a threshold method chose.</summary>
/// <param name="Range">The range.</param>
/// <param name="Params">Scale and zero point, where the method fixes them itself; null where they follow from the range.</param>
public sealed record ThresholdResult(ValueRange Range, QuantParams? Params = null)
{
    /// <summary>The method's own numbers (loss, chosen index), by their names in the original.</summary>
    public ImmutableArray<(string Name, double Value)> Figures { get; init; } = [];

    /// <summary>Scale and zero point: the method's own, or those of the range.</summary>
    public QuantParams ToQuantParams(QuantType type, bool symmetric) => Params ?? Range.ToQuantParams(type, symmetric);

    /// <summary>A range alone.</summary>
    public static implicit operator ThresholdResult(ValueRange range) => new(range);
}
