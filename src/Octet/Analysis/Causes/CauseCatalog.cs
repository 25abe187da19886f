using System.Collections.Immutable;

namespace Octet.Analysis.Causes;

/// <summary>The list of all causes, in the order in which they are looked for.</summary>
public static class CauseCatalog
{
    /// <summary>All causes.</summary>
    public static ImmutableArray<Cause> All { get; } =
    [
        new UnlikeData(),
        new MixedRanges(),
        new AdditiveMask(),
        new DeadChannel(),
        new OutlierChannel(),
        new NormalizerOutliers(),
        new DepthwiseSpread(),
        new Clipping(),
        new BiasOverflow(),
        new Saturation(),
        new UnfoldedBatchNorm(),
    ];
}
