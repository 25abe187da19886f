using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Tests.Data;

namespace Octet.Tests.Analysis;

public sealed class MetricTests : IDisposable
{
    private static readonly Model Same = TinyModels.Shifted(0, 0, 0);
    private static readonly Model Shifted = TinyModels.Shifted(0, 0, 1);
    private static readonly ISampleSource Samples = TinyModels.Rows(([1, 2, 3], 2), ([4, 5, 6], null));

    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void DelegateMetric_SeesAllSamplesInTheirOrder()
    {
        var seen = new List<(int, string, int?)>();
        var metric = new DelegateMetric("sum", samples => samples.Sum(s =>
        {
            seen.Add((s.Index, s.Name, s.Labels[0]));
            return (double)s.Outputs["y"].ToFloats().Sum();
        }));
        var report = Evaluator.Evaluate(Shifted, Same, Samples, new EvaluationOptions { Metric = metric });
        Assert.Equal(new MetricReport("sum", 23, 21), report.Metric);
        Assert.Equal([(0, "row 0", 2), (1, "row 1", null), (0, "row 0", 2), (1, "row 1", null)], seen);
        Assert.Null(Evaluator.Evaluate(Same, null, Samples, new EvaluationOptions { Metric = metric }).Metric!.Reference);
    }

    [Fact]
    public void DelegateMetric_OfNoNumber_IsAnError() => AssertError(
        ErrorCodes.MetricFailed, "\"odd\" gave NaN", new DelegateMetric("odd", _ => double.NaN));

    [UnixFact]
    public void CommandMetric_GetsTheFolderAndPrintsANumber()
    {
        string script = folder.Write("count.sh", "echo looking\nls \"$2\" > \"$1/listing\"\ncat \"$2/samples.tsv\" > \"$1/list\"\necho \"$2\" > \"$1/folder\"\necho 12.5\n");
        var metric = new CommandMetric($"sh '{script}' \"{folder.Root}\"");
        Assert.Equal(new MetricReport(Path.GetFileName(folder.Root), 12.5, 12.5), Evaluator.Evaluate(Shifted, Same, Samples, new EvaluationOptions { Metric = metric }).Metric);
        Assert.Equal(["000000.npz", "000001.npz", "samples.tsv"], File.ReadAllLines(folder.PathOf("listing")));
        Assert.Equal(["0\trow 0\t2", "1\trow 1\t"], File.ReadAllLines(folder.PathOf("list")));
        Assert.False(Directory.Exists(File.ReadAllText(folder.PathOf("folder")).Trim()));
    }

    [UnixFact]
    public void CommandMetric_OutputsAreReadableArrays()
    {
        string copy = folder.PathOf("copy.npz");
        _ = Evaluator.Evaluate(Shifted, null, Samples, new EvaluationOptions { Metric = new CommandMetric($"sh {folder.Write("copy.sh", $"cp $1/000001.npz {copy}\necho 1")}") });
        var read = SampleSources.Open(copy, [new InputSpec("y", Octet.Numerics.ElementType.Float32, [null, 3])], new SampleOptions());
        Assert.Equal([4, 5, 7], read.Load(0).Inputs["y"].ToFloats());
    }

    [UnixTheory]
    [InlineData("exit 3", "ended with exit status 3")]
    [InlineData("echo broken >&2; exit 1", "ended with exit status 1: broken")]
    [InlineData("echo 1; echo done", "printed is \"done\"")]
    [InlineData("echo 1,5", "printed is \"1,5\"")]
    [InlineData("echo nan", "printed is \"nan\"")]
    [InlineData("true", "printed is \"\"")]
    public void CommandMetric_ThatFails_IsAnError(string script, string part)
        => AssertError(ErrorCodes.MetricFailed, part, new CommandMetric($"sh {folder.Write("metric.sh", script)}"));

    [Fact]
    public void CommandMetric_OfAMissingProgram_IsAnError()
        => AssertError(ErrorCodes.MetricFailed, "cannot be started", new CommandMetric(folder.PathOf("missing")));

    [UnixFact]
    public void CommandMetric_ThatPrintsWithoutEnd_TakesLittleMemoryAndItsLastLine()
    {
        string script = folder.Write("long.sh", "head -c 20000000 /dev/zero | tr '\\0' x; echo; head -c 5000000 /dev/zero >&2; echo 0.25");
        Assert.Equal(0.25, Evaluator.Evaluate(Same, null, Samples, new EvaluationOptions { Metric = new CommandMetric($"sh {script}") }).Metric!.Value);
    }

    [UnixFact]
    public void CommandMetric_Cancelled_IsKilled()
    {
        using var source = new CancellationTokenSource();
        string script = folder.Write("sleep.sh", "sleep 600; echo 1");
        int done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Evaluate(
            Same,
            null,
            Samples,
            new EvaluationOptions { Metric = new CommandMetric($"sh {script}") },
            () =>
            {
                if (Interlocked.Increment(ref done) == Samples.Count)
                {
                    source.CancelAfter(200);
                }
            },
            source.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("''")]
    [InlineData("python3 \"score.py")]
    public void CommandMetric_OfNoCommand_IsRefused(string command)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => new CommandMetric(command)).Code);

    private static void AssertError(string code, string part, IMetric metric)
    {
        var error = Assert.Throws<OctetException>(() => Evaluator.Evaluate(Same, null, Samples, new EvaluationOptions { Metric = metric }));
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A fact that needs a Unix shell.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs a Unix shell" : null;
    }

    /// <summary>A theory that needs a Unix shell.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class UnixTheoryAttribute : TheoryAttribute
    {
        public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "needs a Unix shell" : null;
    }
}
