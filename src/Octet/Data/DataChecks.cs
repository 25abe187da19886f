using System.Globalization;
using Octet.Data.Arrays;
using Octet.Data.Sources;
using Octet.Numerics;
using Reduce = System.Numerics.Tensors.TensorPrimitives;

namespace Octet.Data;

/// <summary>
/// Finds what is wrong with samples: files that cannot be read, shapes that do not fit, NaN and infinities (errors); constant and
/// repeated samples, too few of them, values that nobody scaled (warnings). It looks at samples as they pass, so that a sweep over them
/// can feed it, or goes through them by itself (<see cref="Run"/>). All problems are kept, and told in the samples' order.
/// </summary>
/// <remarks>Memory is about 100 bytes a sample. May be fed by several threads at once.</remarks>
public sealed class DataChecks
{
    /// <summary>Fewer samples than this draw a warning: activation ranges of so few are a matter of luck.</summary>
    public const int FewSamples = 16;

    private const float LargestScaled = 50;
    private const float SmallestScaled = 0.02f;

    private readonly Lock gate = new();
    private readonly IReadOnlyList<InputSpec> inputs;
    private readonly Preprocess? preprocess;
    private readonly SortedDictionary<int, (string Name, byte[] Hash)> seen = [];
    private readonly List<(int Index, DataProblem Problem)> found = [];
    private readonly Dictionary<string, (float Min, float Max)> ranges = new(StringComparer.Ordinal);

    /// <summary>Makes checks for the samples of one model.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="preprocess">The recipe that the samples went through, or null if the user gave none.</param>
    public DataChecks(IReadOnlyList<InputSpec> inputs, Preprocess? preprocess)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        this.inputs = inputs;
        this.preprocess = preprocess;
    }

    /// <summary>Loads all samples and checks them.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="preprocess">The recipe that the samples went through, or null if the user gave none.</param>
    /// <param name="threads">Samples that are loaded side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>All problems, in the samples' order; those about all samples last.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<DataProblem> Run(
        ISampleSource source, IReadOnlyList<InputSpec> inputs, Preprocess? preprocess, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var checks = new DataChecks(inputs, preprocess);
        Parallel.For(0, source.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, index =>
        {
            try
            {
                checks.Observe(source.Load(index));
            }
            catch (OctetException e)
            {
                checks.Fail(index, source.NameOf(index), e);
            }
        });
        return checks.Problems();
    }

    /// <summary>
    /// Samples of the calibration set whose values are also in the test set: a score on those says less than it seems to.
    /// </summary>
    /// <remarks>Loads both sets, except what <see cref="HashedSamples"/> loaded before.</remarks>
    /// <returns>A warning for each, naming both.</returns>
    /// <exception cref="OctetException">A sample cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<DataProblem> Overlap(ISampleSource calibration, ISampleSource test, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(test);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        string[] inTest = HashesOf(test, options);
        string[] inCalibration = HashesOf(calibration, options);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < inTest.Length; i++)
        {
            first.TryAdd(inTest[i], i);
        }

        return [.. Enumerable.Range(0, inCalibration.Length).Where(i => first.ContainsKey(inCalibration[i])).Select(i => new DataProblem(
            ErrorCodes.SampleInTest, ProblemSeverity.Warning, calibration.NameOf(i),
            $"calibration {SamplePlace.Of(i, calibration.NameOf(i))} is also test {SamplePlace.Of(first[inCalibration[i]], test.NameOf(first[inCalibration[i]]))}; calibrate with other samples"))];
    }

    /// <summary>
    /// Whether the values of a float input look as if a usual scaling was forgotten (0 to 255 although no recipe says so) or done
    /// twice (nothing beyond ±0.02). A model may want just that; then saying it in the recipe (<c>raw</c>) ends the warning.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="min">Smallest value of all samples.</param>
    /// <param name="max">Largest value of all samples.</param>
    /// <param name="preprocess">The recipe, or null if the user gave none.</param>
    /// <returns>A warning, or null.</returns>
    public static DataProblem? LooksUnscaled(InputSpec input, float min, float max, Preprocess? preprocess)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool picture = input.Dimensions.Count == 4 && input.Type is ElementType.Float32 or ElementType.Float16 or ElementType.Float64;
        bool forgotten = preprocess is null && min >= 0 && max is > LargestScaled and <= 255;
        bool twice = preprocess is { ChangesValues: true } && max > min && Math.Max(Math.Abs(min), Math.Abs(max)) < SmallestScaled;
        if (!picture || !(forgotten || twice))
        {
            return null;
        }

        string range = string.Create(CultureInfo.InvariantCulture, $"the values of input \"{input.Name}\" lie from {min:G4} to {max:G4}");
        string advice = forgotten
            ? $"as in a picture file; most models want them scaled: say how with --preprocess ({string.Join(", ", Preprocess.PresetNames)}, or a recipe), or --preprocess raw if this is right"
            : "nearly nothing; were they scaled twice? The recipe applies to what the files hold";
        return new DataProblem(ErrorCodes.ValuesUnscaled, ProblemSeverity.Warning, null, $"{range}, {advice}");
    }

    /// <summary>Throws the first error among problems, with the number of the others.</summary>
    /// <exception cref="OctetException">There is an error; its code is that of the first one.</exception>
    public static void ThrowOnErrors(IReadOnlyList<DataProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var errors = problems.Where(p => p.Severity == ProblemSeverity.Error).ToArray();
        if (errors.Length > 0)
        {
            throw new OctetException(errors[0].Code, TextLines.Join([.. errors.Select(e => e.Message)]));
        }
    }

    /// <summary>Looks at a sample.</summary>
    /// <returns>The first error in it; null where it can be used.</returns>
    public DataProblem? Observe(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        byte[] hash = SampleHash.Of(sample);
        var misfits = inputs.Select(i => Misfit(sample, i)).OfType<(string Code, string Problem)>().ToArray();
        var observed = sample.Inputs.Where(i => i.Value.Type.BitWidth() >= 8 && i.Value.Count > 0)
            .Select(i => (Key: i.Key.Length == 0 && inputs.Count == 1 ? inputs[0].Name : i.Key, Range: RangeOf(i.Value), i.Value)).Select(o => (o.Key, o.Range, Bad: float.IsFinite(o.Range.Min) && float.IsFinite(o.Range.Max) ? 0 : NotFinite(o.Value), o.Value.Count)).ToArray();
        lock (gate)
        {
            int before = found.Count;
            seen[sample.Index] = (sample.Name, hash);
            foreach (var (code, problem) in misfits)
            {
                Add(sample, code, ProblemSeverity.Error, problem);
            }

            foreach (var (input, range, bad, _) in observed)
            {
                if (bad > 0)
                {
                    Add(sample, ErrorCodes.SampleNotFinite, ProblemSeverity.Error, $"holds {bad} NaN or infinite values in input \"{input}\"; leave it out, or repair what made it");
                }
                else
                {
                    var known = ranges.GetValueOrDefault(input, range);
                    ranges[input] = (Math.Min(known.Min, range.Min), Math.Max(known.Max, range.Max));
                }
            }

            // A mask of ones beside token ids is no fault: only a sample without any variation is.
            var constant = observed.Where(o => o.Count > 1).ToArray();
            if (constant.Length > 0 && constant.All(o => o.Bad == 0 && o.Range.Min == o.Range.Max))
            {
                Add(sample, ErrorCodes.SampleConstant, ProblemSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"is constant: all its values are {constant[0].Range.Min:G6}; is it an empty picture?"));
            }

            return found.Skip(before).Select(f => f.Problem).FirstOrDefault(p => p.Severity == ProblemSeverity.Error);
        }
    }

    /// <summary>Notes a sample that could not be loaded.</summary>
    public void Fail(int index, string name, OctetException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        lock (gate)
        {
            string message = error.Remedy is null ? error.Problem : $"{error.Problem}; {error.Remedy}";
            found.Add((index, new DataProblem(error.Code, ProblemSeverity.Error, name, message)));
        }
    }

    /// <summary>All problems of the samples seen so far, in their order; those about all samples last.</summary>
    public IReadOnlyList<DataProblem> Problems()
    {
        var known = Ranges();
        return [.. ProblemsOfSamples(), .. inputs.Where(i => known.ContainsKey(i.Name)).Select(i => LooksUnscaled(i, known[i.Name].Min, known[i.Name].Max, preprocess)).OfType<DataProblem>()];
    }

    /// <summary>Smallest and largest value of every input, of the samples seen so far that hold numbers only.</summary>
    internal IReadOnlyDictionary<string, (float Min, float Max)> Ranges()
    {
        lock (gate)
        {
            return new Dictionary<string, (float Min, float Max)>(ranges, StringComparer.Ordinal);
        }
    }

    /// <summary>As <see cref="Problems"/>, without a judgement of the values' range.</summary>
    internal IReadOnlyList<DataProblem> ProblemsOfSamples()
    {
        lock (gate)
        {
            var problems = found.Concat(Duplicates()).OrderBy(p => p.Index).ThenBy(p => p.Problem.Code, StringComparer.Ordinal)
                .ThenBy(p => p.Problem.Message, StringComparer.Ordinal).Select(p => p.Problem).ToList();
            if (seen.Count is > 0 and < FewSamples)
            {
                problems.Add(new DataProblem(
                    ErrorCodes.SamplesFew, ProblemSeverity.Warning, null,
                    $"there are only {seen.Count} samples; ranges of fewer than {FewSamples} are a matter of luck, 64 to 500 are usual"));
            }

            return problems;
        }
    }

    /// <summary>Why a sample does not fit an input; sources that Octet opens itself have seen to it, those of a caller have not.</summary>
    private (string Code, string Problem)? Misfit(Sample sample, InputSpec input)
    {
        if (!sample.Inputs.TryGetValue(input.Name, out var tensor) && !(inputs.Count == 1 && sample.Inputs.TryGetValue("", out tensor)))
        {
            return (ErrorCodes.InputsMismatched, $"has no values for input \"{input.Name}\", only for {string.Join(", ", sample.Inputs.Keys.Select(k => $"\"{k}\""))}");
        }

        return tensor.Type != input.Type ? (ErrorCodes.ArrayTypeUnsupported, $"holds {tensor.Type} for input \"{input.Name}\", which takes {input.Wanted}")
            : !ShapeFit.IsTaken(tensor.Shape, input) ? (ErrorCodes.SampleShape, $"gives values {tensor.Shape}, but input \"{input.Name}\" takes {input.Wanted}")
            : null;
    }

    private static string[] HashesOf(ISampleSource source, ParallelOptions options)
    {
        var hashes = new string[source.Count];
        var errors = new OctetException?[source.Count];
        Parallel.For(0, hashes.Length, options, i =>
        {
            try
            {
                hashes[i] = Convert.ToHexString(source is HashedSamples hashed ? hashed.HashOf(i) : SampleHash.Of(source.Load(i)));
            }
            catch (OctetException e)
            {
                errors[i] = e;
            }
        });
        return errors.FirstOrDefault(e => e is not null) is { } first ? throw first : hashes;
    }

    /// <summary>Both are NaN where any value is.</summary>
    private static (float Min, float Max) RangeOf(Tensor tensor)
    {
        var values = tensor.Type == ElementType.Float32 ? tensor.AsSpan<float>() : tensor.ToFloats();
        return (Reduce.Min(values), Reduce.Max(values));
    }

    private static int NotFinite(Tensor tensor)
    {
        if (tensor.Type is not (ElementType.Float32 or ElementType.Float16 or ElementType.Float64 or ElementType.BFloat16))
        {
            return 0;
        }

        if (tensor.Type == ElementType.Float64)
        {
            return CountNotFinite(tensor.AsSpan<double>());
        }

        return CountNotFinite(tensor.Type == ElementType.Float32 ? tensor.AsSpan<float>() : tensor.ToFloats());
    }

    private static int CountNotFinite<T>(ReadOnlySpan<T> values)
        where T : System.Numerics.INumber<T>
    {
        int count = 0;
        foreach (T value in values)
        {
            count += T.IsFinite(value) ? 0 : 1;
        }

        return count;
    }

    private IEnumerable<(int Index, DataProblem Problem)> Duplicates()
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, (name, hash)) in seen)
        {
            string key = Convert.ToHexString(hash);
            if (!first.TryAdd(key, index))
            {
                yield return (index, new DataProblem(
                    ErrorCodes.SampleDuplicate, ProblemSeverity.Warning, name,
                    $"{SamplePlace.Of(index, name)} is the same as {SamplePlace.Of(first[key], seen[first[key]].Name)}; it counts twice"));
            }
        }
    }

    private void Add(Sample sample, string code, ProblemSeverity severity, string problem)
        => found.Add((sample.Index, new DataProblem(code, severity, sample.Name, $"{SamplePlace.Of(sample.Index, sample.Name)} {problem}")));
}
