using System.CommandLine;
using Octet.Analysis;

namespace Octet.Cli.Settings;

/// <summary>What is measured on evaluation samples, and what is good enough.</summary>
internal sealed class EvaluationSettings
{
    private readonly TextSetting labelledOutput = new("labelled-output", "NAME", "output that the labels belong to, where it is not the first that fits them");

    private readonly TextSetting metric = new(
        "metric", "COMMAND", "a measure of your own: a program that gets a folder of outputs (000000.npz and so on, samples.tsv) as its last argument, and prints a number as its last line");

    public TextSetting Labels { get; } = new("labels", "FILE", "classes of the evaluation samples, where they do not come with them: \"name label\" a line, .npy or IDX");

    public QualityGates Gates { get; } = new();

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<Option> All => [Labels, labelledOutput, metric, .. Gates.All];

    /// <summary>Notes options that have no effect without evaluation samples.</summary>
    /// <param name="invocation">Has the values.</param>
    /// <param name="problems">Takes the notes.</param>
    /// <param name="missing">The option that names the samples.</param>
    public void RefuseWithout(Invocation invocation, Problems problems, Option missing)
    {
        foreach (var option in All.Where(invocation.IsGiven))
        {
            problems.Add($"{option.Name} has no effect without {missing.Name}", $"give {missing.Name}, too");
        }
    }

    /// <summary>The evaluation's options.</summary>
    /// <exception cref="OctetException">The metric's command is malformed.</exception>
    public EvaluationOptions Options(Invocation invocation, int? threads) => new()
    {
        Threads = threads ?? Environment.ProcessorCount,
        LabelledOutput = invocation.Get(labelledOutput),
        Metric = invocation.Get(metric) is { } command ? new CommandMetric(command) : null,
    };
}
