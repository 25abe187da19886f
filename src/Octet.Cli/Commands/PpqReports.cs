using Octet.Analysis;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Analyses;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary>What <c>octet ppq</c> tells besides: PPQ's analyses and the dump of tensors, each where it is asked for.</summary>
internal sealed class PpqReports
{
    private readonly FlagSetting requireAnalyse = new("require-analyse", "print the errors of all layers, accumulated and one at a time (REQUIRE_ANALYSE)");
    private readonly FlagSetting parameterAnalyse = new("parameter-analyse", "print ranges, deviations and means of all parameters");
    private readonly TextSetting statisticalAnalyse = new("statistical-analyse", "FILE", "write noise, quantized and float values of every tensor at every operator as JSON: moments and histograms");
    private readonly NumberSetting<int> steps = new("analyse-steps", "batches that analyses look at; one more is taken, as PPQ does", 1, byDefault: "32");
    private readonly FlagSetting dumpResult = new("dump-result", "write the tensors that are rounded for every batch, for hardware to be compared with (DUMP_RESULT); octet dumps compares");
    private readonly TextSetting dumpFolder = new("dump-folder", "DIR", "where inputs/ and outputs/ of the dump go, instead of WORKING");

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<System.CommandLine.Option> All => [requireAnalyse, parameterAnalyse, statisticalAnalyse, steps, dumpResult, dumpFolder];

    /// <summary>Notes what is wrong with the options.</summary>
    public void Check(Invocation invocation, Problems problems, params IEnumerable<string?> files)
    {
        FilePaths.CheckOutput(problems, ("--statistical-analyse", invocation.Get(statisticalAnalyse)), files);
        problems.AddIf(invocation.Get(dumpFolder) is not null && !invocation.Get(dumpResult), "--dump-folder has no effect without --dump-result", "leave it out, or ask for the dump");
        problems.AddIf(invocation.Get(dumpFolder) is { } folder && !Directory.Exists(folder), $"there is no folder \"{invocation.Get(dumpFolder)}\"", "make it first");
        problems.AddIf(
            invocation.Get(steps) is not null && !invocation.Get(requireAnalyse) && invocation.Get(statisticalAnalyse) is null, "--analyse-steps has no effect without an analysis", "ask for one with --require-analyse");
    }

    /// <summary>Runs what was asked for.</summary>
    public PpqAnalysisResult Run(Invocation invocation, PpqGraph graph, ISampleSource batches, string working, int threads, ProgressLine progress)
    {
        int count = invocation.Get(steps) ?? 32;
        int taken = Math.Min(batches.Count, count + 1);
        var token = invocation.CancellationToken;
        var result = new PpqAnalysisResult();
        if (invocation.Get(requireAnalyse))
        {
            result = result with
            {
                Graphwise = PpqAnalyses.GraphwiseErrorAnalyse(graph, batches, count, threads, progress.Steps("graphwise errors", taken), token),
                Layerwise = PpqAnalyses.LayerwiseErrorAnalyse(graph, batches, count, threads, null, progress.Steps("layerwise errors", taken * graph.ComputingOperations.Count()), token),
            };
        }

        result = invocation.Get(parameterAnalyse) ? result with { Parameters = PpqAnalyses.ParameterAnalyse(graph) } : result;
        if (invocation.Get(statisticalAnalyse) is { } file)
        {
            JsonOutput.Write(file, PpqAnalyses.StatisticalAnalyse(graph, batches, count, threads, progress.Steps("statistics", taken), token));
            result = result with { Statistics = file };
        }

        if (invocation.Get(dumpResult))
        {
            string folder = invocation.Get(dumpFolder) ?? working;
            result = result with { Dump = folder, Dumped = InternalResults.Dump(graph, batches, folder, progress: progress.Steps("dump", batches.Count), cancellationToken: token) };
        }

        return result;
    }

    /// <summary>Layers whose accumulated error PPQ warns of.</summary>
    public static IEnumerable<string> Warnings(PpqAnalysisResult result)
        => (result.Graphwise ?? new Dictionary<string, ErrorMeasures>()).Where(g => g.Value.NoiseRatio > ErrorMeasures.NoisyRatio)
            .Select(g => Text($"{ErrorCodes.LayerNoisy}: at \"{g.Key}\" the accumulated noise has {g.Value.NoiseRatio:0.0%} of the signal's power; PPQ calls 10 % the most"));

    /// <summary>Prints the analyses as PPQ does.</summary>
    public static void Tell(Screen screen, PpqAnalysisResult result)
    {
        Print("Errors accumulated", result.Graphwise is null ? null : MeasurePrinter.OfErrors(result.Graphwise));
        Print("Errors of one layer at a time, at the outputs", result.Layerwise is null ? null : MeasurePrinter.OfErrors(result.Layerwise));
        Print("Parameters", result.Parameters is null ? null : MeasurePrinter.OfParameters(result.Parameters));

        void Print(string heading, string? chart)
        {
            if (chart is not null)
            {
                screen.Line();
                screen.Heading(heading);
                foreach (string line in chart.TrimEnd('\n').Split('\n'))
                {
                    screen.Line(line);
                }
            }
        }
    }
}
