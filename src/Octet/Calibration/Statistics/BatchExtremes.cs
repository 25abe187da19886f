using System.Numerics.Tensors;
using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>The smallest and the largest value of each batch.</summary>
public sealed record BatchExtremes : BatchRecordsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "batch-extremes";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override float[] Measure(ReadOnlySpan<float> values, Shape shape)
        => values.IsEmpty ? [] : [TensorPrimitives.Min(values) + 0f, TensorPrimitives.Max(values) + 0f];
}
