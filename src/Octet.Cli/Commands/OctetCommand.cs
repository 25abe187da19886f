using System.CommandLine;

namespace Octet.Cli.Commands;

/// <summary>The tool itself: the list of its commands.</summary>
internal static class OctetCommand
{
    /// <summary>Makes the tree of commands.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Quantizes ONNX models to int8 and reports what it costs.") { TreatUnmatchedTokensAsErrors = false };
        foreach (var command in new Command[] { new DemoCommand(), new QuantizeCommand(), new CalibrateCommand(), new StatsCommand(), new EvaluateCommand(), new AnalyzeCommand(), new InspectCommand(), new ThresholdCommand(), new RunCommand(), new PpqCommand(), new DumpsCommand(), new ConvertCommand(), new SettingsCommand(), new CompletionCommand() })
        {
            root.Add(command);
        }

        return root;
    }
}
