namespace Octet.Calibration;

/// <summary>One non-empty bin: <paramref name="Count"/> values, taken as spread evenly from <paramref name="Low"/> to <paramref name="High"/>.</summary>
/// <param name="Low">Lower edge, never below the smallest value seen.</param>
/// <param name="High">Upper edge, never above the largest value seen; equal to <paramref name="Low"/> where all values are that one value.</param>
/// <param name="Count">Number of values, &gt; 0.</param>
public readonly record struct HistogramBin(double Low, double High, long Count);
