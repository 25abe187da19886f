namespace Octet.Dialects.Ppq;

/// <summary>How a platform rounds biases: to steps of input scale × weight scale.</summary>
/// <param name="Bits">Number of bits, as PPQ's files tell it.</param>
/// <param name="Limit">Largest magnitude in steps.</param>
public sealed record PassiveBias(int Bits, int Limit);
