namespace Octet.Dialects.Ppq.Settings;

/// <summary>What PPQ's equalization and its channel split both ask for: which channels of two layers are balanced, and what counts.</summary>
public abstract record ChannelBalance
{
    /// <summary>1: across rectifiers and pools; 2: across sums, too.</summary>
    public int OptLevel { get; init; } = 1;

    /// <summary>How many times all pairs are balanced.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>Channels whose largest weights sum up to less are left alone.</summary>
    public double ValueThreshold { get; init; } = 0.5;

    /// <summary>Whether biases count.</summary>
    public bool IncludingBias { get; init; }

    /// <summary>Their share.</summary>
    public double BiasMultiplier { get; init; } = 0.5;

    /// <summary>Whether activations count.</summary>
    public bool IncludingAct { get; init; }

    /// <summary>Their share.</summary>
    public double ActMultiplier { get; init; } = 0.5;
}
