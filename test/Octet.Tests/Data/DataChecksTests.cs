using Octet.Data;
using Octet.Numerics;

namespace Octet.Tests.Data;

public class DataChecksTests
{
    private static readonly InputSpec Picture = new("data", ElementType.Float32, [null, 1, 2, 2]);

    [Fact]
    public void Run_WhenAllIsWell_FindsNothing()
        => Assert.Empty(DataChecks.Run(Samples(20), [Picture], null));

    [Fact]
    public void Run_WhenManyThingsAreWrong_ReportsAllInOrderWhateverTheThreads()
    {
        using var folder = new DataFolder();
        folder.WriteBmp("a.bmp", 2, 2, (x, y) => ((byte)(x * 200), (byte)(x * 200), (byte)(x * 200)));
        folder.WriteBmp("b.bmp", 2, 2, (_, _) => (9, 9, 9));
        folder.WriteBmp("c.bmp", 2, 2, (x, y) => ((byte)(x * 200), (byte)(x * 200), (byte)(x * 200)));
        folder.Write("d.bmp", "some text");
        folder.Write("e.bmp", "BM");
        folder.WriteBmp("f.bmp", 3, 2, (_, _) => default);
        var source = SampleSources.Open(folder.Root, [Picture], new SampleOptions());

        var problems = DataChecks.Run(source, [Picture], null);

        Assert.Equal(
            [ErrorCodes.SampleConstant, ErrorCodes.SampleDuplicate, ErrorCodes.NotAPicture, ErrorCodes.PictureDamaged, ErrorCodes.SampleShape, ErrorCodes.SamplesFew, ErrorCodes.ValuesUnscaled],
            problems.Select(p => p.Code));
        Assert.Equal(["b.bmp", "c.bmp", "d.bmp", "e.bmp", "f.bmp", null, null], problems.Select(p => p.Sample));
        Assert.Equal(3, problems.Count(p => p.Severity == ProblemSeverity.Error));
        Assert.Contains("sample 0 (\"a.bmp\")", problems[1].Message, StringComparison.Ordinal);
        Assert.Equal(problems, DataChecks.Run(source, [Picture], null, 4));
        var error = Assert.Throws<OctetException>(() => DataChecks.ThrowOnErrors(problems));
        Assert.Equal(ErrorCodes.NotAPicture, error.Code);
        Assert.All(["d.bmp", "e.bmp", "f.bmp"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Run_WhenValuesAreNotFinite_NamesSampleAndInput(float value)
    {
        var problem = Assert.Single(DataChecks.Run(Samples(20, (i, v) => i == 17 ? [v[0], value, value, 1] : v), [Picture], null));

        Assert.Equal((ErrorCodes.SampleNotFinite, ProblemSeverity.Error, "s17"), (problem.Code, problem.Severity, problem.Sample));
        Assert.Contains("sample 17 (\"s17\") holds 2 NaN or infinite values in input \"data\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Observe_WhenACallersSampleDoesNotFit_IsAnError()
    {
        var checks = new DataChecks([Picture], null);
        checks.Observe(new Sample(0, "shape", Input("data", new float[] { 1, 2 }, new Shape(1, 2)), null));
        checks.Observe(new Sample(1, "type", Input("data", new byte[] { 1, 2, 3, 4 }, new Shape(1, 1, 2, 2)), null));
        checks.Observe(new Sample(2, "name", Input("image", new float[] { 1, 2, 3, 4 }, new Shape(1, 1, 2, 2)), null));
        checks.Observe(new Sample(3, "good", Input("", new float[] { 1, 2, 3, 5 }, new Shape(1, 1, 2, 2)), null));

        Assert.Equal(
            [(ErrorCodes.SampleShape, "shape"), (ErrorCodes.ArrayTypeUnsupported, "type"), (ErrorCodes.InputsMismatched, "name")],
            checks.Problems().Where(p => p.Severity == ProblemSeverity.Error).Select(p => (p.Code, p.Sample!)));
    }

    [Fact]
    public void Run_WhenAMaskIsAllOnes_DoesNotCallTheSampleConstant()
    {
        InputSpec[] specs = [new("ids", ElementType.Int64, [null, 2]), new("mask", ElementType.Int64, [null, 2])];
        var source = SampleSources.FromMemory(Enumerable.Range(0, 20).Select(i => new Sample(i, $"s{i}", new Dictionary<string, Tensor>
        {
            ["ids"] = Tensor.FromArray(new long[] { i, i + 1 }, new Shape(1, 2)),
            ["mask"] = Tensor.FromArray(new long[] { 1, 1 }, new Shape(1, 2)),
        }, null)));

        Assert.Empty(DataChecks.Run(source, specs, null));
    }

    [Fact]
    public void Overlap_WhenASampleIsInBothSets_NamesBoth()
    {
        var problem = Assert.Single(DataChecks.Overlap(Samples(20), Samples(5, (i, v) => i == 3 ? [7, 8, 9, 10] : [.. v.Select(x => x + 1000)])));

        Assert.Equal((ErrorCodes.SampleInTest, "s7"), (problem.Code, problem.Sample));
        Assert.Contains("test sample 3 (\"s3\")", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlap_WhenBothSetsWereLoadedBefore_LoadsNothingAgain()
    {
        var calibration = new CountedSamples(Samples(20));
        var test = new CountedSamples(Samples(5));
        var (hashedCalibration, hashedTest) = (new HashedSamples(calibration), new HashedSamples(test));
        Parallel.For(0, 20, i => hashedCalibration.Load(i));
        hashedTest.Load(0);

        Assert.Equal(5, DataChecks.Overlap(hashedCalibration, hashedTest).Count);
        Assert.Equal((20, 5), (calibration.Loads, test.Loads));
    }

    [Theory]
    [InlineData(0, 255, null, true)]
    [InlineData(0, 1, null, false)]
    [InlineData(-2.1f, 2.6f, null, false)]
    [InlineData(0, 255, "raw", false)]
    [InlineData(-0.007f, 0.009f, "imagenet", true)]
    [InlineData(-2.1f, 2.6f, "imagenet", false)]
    public void LooksUnscaled_WhenScalingIsForgottenOrDoneTwice_Warns(float min, float max, string? recipe, bool warns)
        => Assert.Equal(warns, DataChecks.LooksUnscaled(Picture, min, max, recipe is null ? null : Preprocess.Parse(recipe)) is not null);

    private static ISampleSource Samples(int count, Func<int, float[], float[]>? change = null)
        => SampleSources.FromMemory(Enumerable.Range(0, count).Select(i =>
        {
            float[] values = [i, i + 1, i + 2, i + 3];
            return new Sample(i, $"s{i}", Input("data", change?.Invoke(i, values) ?? values, new Shape(1, 1, 2, 2)), null);
        }));

    private sealed class CountedSamples(ISampleSource source) : ISampleSource
    {
        private int loads;

        public int Loads => loads;

        public int Count => source.Count;

        public string Fingerprint => source.Fingerprint;

        public string NameOf(int index) => source.NameOf(index);

        public int? LabelOf(int index) => source.LabelOf(index);

        public Sample Load(int index)
        {
            Interlocked.Increment(ref loads);
            return source.Load(index);
        }
    }

    private static Dictionary<string, Tensor> Input<T>(string name, T[] values, Shape shape)
        where T : unmanaged
        => new() { [name] = Tensor.FromArray(values, shape) };
}
