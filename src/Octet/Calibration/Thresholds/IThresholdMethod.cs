using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>A way to choose the range of real values that an activation's integers shall hold: a pure function of its statistics.</summary>
public interface IThresholdMethod
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>One sentence for people, with the source.</summary>
    string Description { get; }

    /// <summary>Chooses the range.</summary>
    /// <param name="histogram">The values; an empty one gives the range [0, 0].</param>
    /// <param name="type">The integers.</param>
    /// <param name="symmetric">Whether their zero point lies in the middle.</param>
    /// <returns>A range that holds zero and does not reach beyond the values and zero.</returns>
    ValueRange Compute(LogLinearHistogram histogram, QuantType type, bool symmetric);
}
