namespace Octet.Data;

/// <summary>Which samples of the data are taken, and how they are prepared.</summary>
public sealed record SampleOptions
{
    /// <summary>What is done to pictures and arrays before they enter the model; null: pictures are only decoded (0 to 255), arrays taken as they are.</summary>
    public Preprocess? Preprocess { get; init; }

    /// <summary>Only so many samples, ≥ 1: the first ones (after shuffling, where that is asked for); null for all.</summary>
    public int? Samples { get; init; }

    /// <summary>Whether the order of the samples is drawn from <see cref="Seed"/> instead of taken as it comes.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Seed of the order; the same seed gives the same order everywhere.</summary>
    public ulong Seed { get; init; }

    /// <summary>A file of labels: <c>name label</c> a line, an .npy of integers, or IDX; null where labels come with the data or are not needed.</summary>
    public string? Labels { get; init; }
}
