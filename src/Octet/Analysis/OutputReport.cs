using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>How far an output is from the reference's, over all its values of all samples.</summary>
/// <param name="Name">Its name in the reference.</param>
/// <param name="Type">Type of its elements in the reference.</param>
/// <param name="Values">Number of values compared.</param>
/// <param name="Sqnr">10·log₁₀(Σf² / Σ(f−q)²) in dB, f the reference; +∞ where all values are equal.</param>
/// <param name="Cosine">Σfq / √(Σf²·Σq²), −1 to 1; 1 where all values are equal.</param>
/// <param name="MaxAbs">Largest |f−q|.</param>
/// <param name="MeanAbs">Mean |f−q|.</param>
/// <param name="Agreement">
/// Share of the rows along the last axis (dimensions of 1 at the end left out) whose largest value is at the same place, the first of
/// several equal ones; of an output of integers, share of equal values. Null for other shapes than [batch, classes] and [batch, positions, classes].
/// </param>
/// <param name="NonFinite">
/// Values that are NaN or infinite in one model and not the same in the other; they count in nothing else.
/// </param>
public sealed record OutputReport(
    string Name, ElementType Type, long Values, double Sqnr, double Cosine, double MaxAbs, double MeanAbs, double? Agreement, long NonFinite);
