using System.Collections.Immutable;

namespace Octet.Analysis.Causes;

/// <summary>A cause that was found, with its remedy.</summary>
/// <param name="Cause">Its name.</param>
/// <param name="Places">Where it shows: names of layers or tensors, the worst first.</param>
/// <param name="Sign">How it shows at the first place, with figures.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Gain">What the remedy gains of the outputs' SQNR when it is tried, in dB; null where it cannot be tried.</param>
/// <param name="Restores">Whether it brings back parts of the outputs that had lost their values.</param>
public sealed record Diagnosis(string Cause, ImmutableArray<string> Places, string Sign, string Remedy, double? Gain, bool Restores);
