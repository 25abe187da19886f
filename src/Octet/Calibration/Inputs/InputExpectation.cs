using System.Globalization;
using Octet.Data;
using Octet.Graphs;

namespace Octet.Calibration.Inputs;

/// <summary>
/// Judges whether samples look like what a model expects, by what the model itself tells: the statistics of its first batch
/// normalization, else the arithmetic that it does on its input, else only by what is usual.
/// </summary>
internal sealed class InputExpectation : IDisposable
{
    // The right inputs gave 0.89 to 1.11 on six real networks; 0 to 1 instead of mean and deviation gives 0.21, bytes instead 52.
    private const double LargestRatio = 3;
    private const double LargestShift = 2;

    // Beyond this no scaled value lies, below it no picture of bytes stays.
    private const float BetweenScaledAndBytes = 16;
    private const double ByteDivisor = 32;

    private readonly IReadOnlyList<InputSpec> inputs;
    private readonly Preprocess? preprocess;
    private readonly TrainedStatistics? trained;
    private readonly Dictionary<string, OwnArithmetic?> own;

    internal InputExpectation(Model model, IReadOnlyList<InputSpec> inputs, Preprocess? preprocess)
    {
        this.inputs = inputs;
        this.preprocess = preprocess;
        trained = TrainedStatistics.Of(model);
        own = inputs.ToDictionary(i => i.Name, i => OwnArithmetic.Of(model.Graph.Find(i.Name)!), StringComparer.Ordinal);
    }

    private string Advice => preprocess is null
        ? $"say with --preprocess how they are to be scaled ({string.Join(", ", Preprocess.PresetNames)}, or a recipe)"
        : $"is the preprocessing \"{preprocess}\" the one of the training?";

    /// <summary>Looks at a sample; a few of the first ones are run through the model's first layers.</summary>
    internal void Offer(Sample sample) => trained?.Offer(sample);

    /// <summary>What does not look right, as warnings.</summary>
    /// <param name="ranges">Smallest and largest value of every input.</param>
    internal IEnumerable<DataProblem> Problems(IReadOnlyDictionary<string, (float Min, float Max)> ranges)
    {
        var judged = inputs.Where(i => ranges.ContainsKey(i.Name)).ToArray();
        return trained?.Compare() is { } deviation
            ? Judge(deviation, judged, ranges)
            : judged.Select(i => Judge(i, ranges[i.Name])).OfType<DataProblem>();
    }

    /// <inheritdoc/>
    public void Dispose() => trained?.Dispose();

    private IEnumerable<DataProblem> Judge(TrainingDeviation deviation, InputSpec[] judged, IReadOnlyDictionary<string, (float Min, float Max)> ranges)
    {
        bool isShifted = deviation.Shift > LargestShift;
        if (deviation.Ratio is >= 1 / LargestRatio and <= LargestRatio && !isShifted)
        {
            return [];
        }

        string found = string.Join(", ", judged.Select(i => string.Create(CultureInfo.InvariantCulture, $"{ranges[i.Name].Min:G4} to {ranges[i.Name].Max:G4} in \"{i.Name}\"")));
        string difference = deviation.Ratio is < 1 / LargestRatio or > LargestRatio
            ? string.Create(CultureInfo.InvariantCulture, $"vary {deviation.Ratio:G2} times as much as in training")
            : string.Create(CultureInfo.InvariantCulture, $"lie {deviation.Shift:G2} standard deviations beside their mean in training");
        return [Warning($"the samples ({found}) do not look like what the model was trained on: with them, the values that reach its first batch normalization, \"{deviation.Layer}\", {difference}; {Advice}")];
    }

    private DataProblem? Judge(InputSpec input, (float Min, float Max) range)
    {
        if (own[input.Name] is not { } arithmetic)
        {
            return DataChecks.LooksUnscaled(input, range.Min, range.Max, preprocess);
        }

        float largest = Math.Max(Math.Abs(range.Min), Math.Abs(range.Max));
        bool forBytes = Math.Abs(arithmetic.Scale) <= 1 / ByteDivisor || (Math.Abs(arithmetic.Scale) <= 1 && Math.Abs(arithmetic.Offset) >= ByteDivisor);
        bool isScaledTwice = forBytes && largest < BetweenScaledAndBytes;
        bool isUnscaled = !forBytes && Math.Abs(arithmetic.Scale) > 1 && largest > BetweenScaledAndBytes;
        return isScaledTwice || isUnscaled
            ? Warning(string.Create(CultureInfo.InvariantCulture, $"the model itself turns input \"{input.Name}\" into {arithmetic.Scale:G4} · x {(arithmetic.Offset < 0 ? '-' : '+')} {Math.Abs(arithmetic.Offset):G4}, which is meant for {(forBytes ? "0 to 255" : "0 to 1")}, but the samples lie from {range.Min:G4} to {range.Max:G4}; {(isScaledTwice ? "were they scaled already? --preprocess raw leaves that to the model" : "scale them, with --preprocess unit for example")}"))
            : null;
    }

    private static DataProblem Warning(string message) => new(ErrorCodes.ValuesUnscaled, ProblemSeverity.Warning, null, message);
}
