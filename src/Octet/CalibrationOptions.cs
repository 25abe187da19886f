using System.Collections.Immutable;
using Octet.Calibration.Files;

namespace Octet;

/// <summary>Options of a <see cref="Calibrator"/>.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The word for all methods whose statistics can be saved, second sweeps and ordered ones included.</summary>
    public const string AllMethods = "all";

    /// <summary>Names of the threshold methods that shall be solved later, or <see cref="AllMethods"/>. Default, empty: all methods of one sweep.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>
    /// Parameters of <see cref="Methods"/>, by name, that shape what is gathered; each of the methods takes those that it has. Default: none. Statistics are then to be solved with
    /// the same ones.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Parameters { get; init; } = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Names of the targets that the model shall be quantized for. Default, empty: all.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Which part of the samples is taken, the <c>Index</c>th of <c>Count</c> (from 1 on); null for all.</summary>
    public (int Index, int Count)? Shard { get; init; }

    /// <summary>Name of the target whose scheme the weights are quantized by (to the nearest) while activations are observed; null for float weights.</summary>
    public string? QuantizedWeights { get; init; }

    /// <summary>Statistics that are there already: what still holds is taken from them, only the rest is gathered. Null for none.</summary>
    public CalibrationStatistics? Reuse { get; init; }

    /// <summary>Whether <see cref="Reuse"/> may come from another class of processor.</summary>
    public bool AllowMixedProcessors { get; init; }

    /// <summary>Bytes that the process may take; null for as many as it likes.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Samples that run side by side, ≥ 1. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Seed of the choice of sampled rows.</summary>
    public ulong Seed { get; init; }
}
