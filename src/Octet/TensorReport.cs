namespace Octet;

/// <summary>One activation's part in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Min">Smallest observed value.</param>
/// <param name="Max">Largest observed value.</param>
/// <param name="Scale">Its scale.</param>
/// <param name="ZeroPoint">Its zero point.</param>
/// <param name="Method">The threshold method chosen; null where the range is fixed or shared.</param>
public sealed record TensorReport(string Name, float? Min, float? Max, float Scale, int ZeroPoint, string? Method)
{
    /// <summary>The setting for single layers that chose the range, as the user wrote it, or why it has 16 bits; null where neither is.</summary>
    public string? Why { get; init; }

    /// <summary>How its range, and its bits where they are not the target's, came about, in words.</summary>
    public string? Reason { get; init; }
}
