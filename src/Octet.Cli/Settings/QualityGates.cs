using System.CommandLine;
using Octet.Analysis;
using Octet.Cli.Terminal;
using Octet.Data;

namespace Octet.Cli.Settings;

/// <summary>How bad a model may be before the command fails, for scripts.</summary>
internal sealed class QualityGates
{
    private readonly NumberSetting<double> minSqnr = new("min-sqnr", "fail where the SQNR of an output is below this", 0, 200, valueName: "DB");
    private readonly NumberSetting<double> maxDrop = new("max-drop", "fail where top-1 is lower than the float model's by more than this", 0, 100, valueName: "POINTS");

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<Option> All => [minSqnr, maxDrop];

    /// <summary>Notes gates that nothing is measured for where there is no float model.</summary>
    public void RefuseWithoutReference(Invocation invocation, Problems problems)
    {
        foreach (var gate in All.Where(invocation.IsGiven))
        {
            problems.Add($"{gate.Name} has no effect without --reference", "give --reference, too");
        }
    }

    /// <summary>Notes a gate that needs labels where the evaluation samples have none.</summary>
    public void RequireLabels(Invocation invocation, Problems problems, ISampleSource? samples)
        => problems.AddIf(invocation.IsGiven(maxDrop) && samples?.HasLabels() is false, "--max-drop needs labels, and the evaluation samples have none", "give them with --labels");

    /// <summary>Holds an evaluation to the gates.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.QualityGateMissed"/>.</exception>
    public void Check(Invocation invocation, EvaluationReport evaluation)
    {
        if (invocation.Get(minSqnr) is { } least && evaluation.Outputs.MinBy(o => o.Sqnr) is { } worst && !(worst.Sqnr >= least))
        {
            throw Missed($"the SQNR of output \"{worst.Name}\" is {Figures.Decibels(worst.Sqnr)}", Figures.Text($"--min-sqnr asks for {least} dB"));
        }

        // Shares are fractions of whole numbers: what is equal on paper must not fail by rounding.
        const double Rounding = 1e-9;
        if (invocation.Get(maxDrop) is { } most && evaluation.Classification is { ReferenceTop1: { } before, Top1: var after } && (before - after) * 100 > most + Rounding)
        {
            throw Missed(Figures.Text($"top-1 fell by {(before - after) * 100:0.00} points, from {Figures.Percent(before)} to {Figures.Percent(after)}"), Figures.Text($"--max-drop allows {most}"));
        }
    }

    private static OctetException Missed(string what, string gate) => new(ErrorCodes.QualityGateMissed, what, gate);
}
