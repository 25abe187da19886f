using System.Collections.Immutable;
using Octet.Calibration.Files;

namespace Octet;

/// <summary>What a calibration gathered, and how.</summary>
/// <param name="Statistics">To be saved, merged or solved.</param>
/// <param name="Observed">Tensors that were observed anew.</param>
/// <param name="Reused">Tensors whose earlier statistics still hold.</param>
/// <param name="Sweeps">How many times all samples were run.</param>
/// <param name="Groups">Groups of tensors that were observed one after the other, to keep the limit of memory.</param>
public sealed record CalibrationOutcome(CalibrationStatistics Statistics, ImmutableArray<string> Observed, ImmutableArray<string> Reused, int Sweeps, int Groups)
{
    /// <summary>What the user should know.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Time of each phase.</summary>
    public ImmutableArray<PhaseTime> Phases { get; init; } = [];
}
