using FsCheck.Xunit;
using Octet.Numerics;
using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class WeightSolverTests
{
    private static readonly WeightOptions MaxNearest = new() { RangeSearch = false, ErrorFeedback = false };

    [Property(MaxTest = 20)]
    public void EachStep_OnCorrelatedInputs_LowersTheError(int seed)
    {
        var report = WeightSolver.Solve(Samples.Problem(12, 48, 400, seed)).Report;
        Assert.True(report.RangeNearestError <= report.MaxNearestError, report.ToString());
        Assert.True(report.FinalError < 0.5 * report.RangeNearestError, report.ToString());
        Assert.InRange(report.FeedbackChannels, 9, 12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_GivesTheErrorsThatPlainLoopsFind(bool perChannel)
    {
        var problem = Samples.Problem(5, 21, 150, 4, perChannel);
        var plain = WeightSolver.Solve(problem, MaxNearest);
        var solution = WeightSolver.Solve(problem);
        Assert.Equal(1, solution.Report.FinalError / Samples.OutputError(problem, solution.Quantized, solution.Scales), 1e-3);
        Assert.Equal(1, solution.Report.MaxNearestError / Samples.OutputError(problem, plain.Quantized, plain.Scales), 1e-3);
    }

    [Fact]
    public void RoundingToNearestInTheWholeRange_IsTheFormula()
    {
        var problem = Samples.Problem(4, 10, 30, 2);
        var solution = WeightSolver.Solve(problem, MaxNearest);
        for (int c = 0; c < 4; c++)
        {
            float[] weights = problem.Weights[(c * 10)..((c + 1) * 10)];
            float scale = weights.Max(Math.Abs) / 127;
            Assert.Equal(scale, solution.Scales[c]);
            Assert.Equal(weights.Select(w => (int)MathF.Round(w / scale, MidpointRounding.ToEven)), solution.Quantized[(c * 10)..((c + 1) * 10)]);
        }
    }

    [Fact]
    public void Feedback_OnTinyProblems_ComesCloseToTheBestOfAllRoundings()
    {
        double best = 0;
        double found = 0;
        double nearest = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var problem = Samples.Problem(1, 5, 60, seed) with { Type = new QuantType(3, true) };
            var solution = WeightSolver.Solve(problem, new WeightOptions { RangeSearch = false });
            double signal = Samples.OutputError(problem, new int[5], [1f]);
            best += AllRoundings(5, 3).Min(q => Samples.OutputError(problem, q, solution.Scales)) / signal;
            found += solution.Report.FinalError / signal;
            nearest += solution.Report.MaxNearestError / signal;
        }

        Assert.InRange(found, best * (1 - 1e-6), best * 2.5);
        Assert.True(found < 0.6 * nearest, $"best {best}, found {found}, nearest {nearest}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_TimesAPowerOfTwo_GiveTheSameIntegersAndScalesTimesIt(bool perChannel)
    {
        var problem = Samples.Problem(9, 33, 100, 6, perChannel);
        var one = WeightSolver.Solve(problem);
        var eight = WeightSolver.Solve(problem with { Weights = [.. problem.Weights.Select(w => w * 8)] });
        Assert.Equal(one.Quantized, eight.Quantized);
        Assert.Equal(one.Scales.Select(s => s * 8), eight.Scales);
    }

    [Fact]
    public void Channels_InAnotherOrder_GiveTheSameSolutionInThatOrder()
    {
        var problem = Samples.Problem(11, 20, 100, 6);
        var forward = WeightSolver.Solve(problem);
        var backward = WeightSolver.Solve(problem with { Weights = [.. problem.Weights.Chunk(20).Reverse().SelectMany(c => c)] });
        Assert.Equal(forward.Quantized.Chunk(20).Reverse().SelectMany(c => c), backward.Quantized);
        Assert.Equal(forward.Scales.Reverse(), backward.Scales);
    }

    [Fact]
    public void Solutions_OfSolvesSideBySide_AreThoseOfOneAfterTheOther()
    {
        WeightProblem[] problems = [.. Enumerable.Range(0, 8).Select(i => Samples.Problem(10 + i, 40, 200, i) with { AvoidSaturation = true })];
        var together = new WeightSolution[problems.Length];
        Parallel.For(0, problems.Length, i => together[i] = WeightSolver.Solve(problems[i]));
        for (int i = 0; i < problems.Length; i++)
        {
            Assert.Equal(WeightSolver.Solve(problems[i]).Quantized, together[i].Quantized);
        }
    }

    [Fact]
    public void PerTensor_GivesOneScaleForAllGroups()
    {
        WeightProblem[] groups = [.. Enumerable.Range(0, 6).Select(i => Samples.Problem(1, 9, 80, i, perChannel: false))];
        var solutions = WeightSolver.SolveGroups(groups);
        float scale = Assert.Single(solutions.SelectMany(s => s.Scales).Distinct());
        Assert.InRange(scale, 0.2f * groups.Max(g => g.Weights.Max(Math.Abs)) / 127, groups.Max(g => g.Weights.Max(Math.Abs)) / 127);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Avoidance_LeavesNoSaturationOnTheRows(bool perChannel, bool feedback)
    {
        var problem = Samples.Problem(8, 31, 300, 12, perChannel) with { AvoidSaturation = true };
        var input = new QuantParams(QuantType.UInt8, 1f / 128, 0);
        problem = problem with
        {
            Input = input,
            Rows = [.. problem.Rows.Select(x => Math.Min(x, input.RealMax()))],
            Weights = [.. problem.Weights.Select((w, i) => i % 5 == 0 ? w : Math.Abs(w) + 0.2f)],
        };
        var options = new WeightOptions { ErrorFeedback = feedback };
        var before = WeightSolver.Solve(problem with { AvoidSaturation = false }, options);
        var after = WeightSolver.Solve(problem, options);
        var pairs = new PairSaturation(problem.Rows, problem.K, problem.Input);
        long saturating = before.Quantized.Chunk(problem.K).Sum(c => pairs.Count(c));
        Assert.True(saturating > 0);
        Assert.Equal(saturating, after.Report.SaturatingPairsBefore);
        Assert.Equal(0, after.Report.SaturatingPairs);
        Assert.Equal(0, after.Quantized.Chunk(problem.K).Sum(c => pairs.Count(c)));
        Assert.True(after.Report.NarrowedChannels + after.Report.ClippedChannels > 0);
        Assert.True(after.Report.FinalError >= after.Report.UnlimitedError * 0.999);
        Assert.Equal(1, after.Report.FinalError / Samples.OutputError(problem, after.Quantized, after.Scales), 1e-3);
    }

    [Fact]
    public void Avoidance_OfOnePairAmongMany_LimitsThatPairOnly()
    {
        var problem = Samples.Problem(1, 64, 300, 3) with { AvoidSaturation = true };
        float largest = problem.Weights.Max(Math.Abs);
        problem.Weights[10] = largest;
        problem.Weights[11] = largest;
        var rows = (float[])problem.Rows.Clone();
        rows[10] = Samples.Input.RealMax();
        rows[11] = Samples.Input.RealMax();
        var solution = WeightSolver.Solve(problem with { Rows = rows });
        Assert.True(solution.Report.SaturatingPairsBefore > 0);
        Assert.Equal(0, solution.Report.SaturatingPairs);
        Assert.Equal(1, solution.Report.NarrowedChannels + solution.Report.ClippedChannels);
    }

    [Theory]
    [InlineData(1, 1, 40)]
    [InlineData(3, 7, 5)]
    [InlineData(2, 64, 20)]
    [InlineData(17, 35, 0)]
    public void OddSizesAndFewRows_AreSolved(int channels, int k, int rows)
    {
        var problem = Samples.Problem(channels, k, rows, 3) with { AvoidSaturation = true };
        var solution = WeightSolver.Solve(problem);
        Assert.All(solution.Quantized, q => Assert.InRange(q, -127, 127));
        Assert.All(solution.Scales, s => Assert.True(float.IsFinite(s) && s > 0));
        Assert.True(rows == 0 || solution.Report.FinalError <= solution.Report.MaxNearestError * 1.001, solution.Report.ToString());
        Assert.All(problem.Weights.Zip(solution.Quantized, (w, q) => (w, q)), p => Assert.True(p.w * p.q >= 0 || Math.Abs(p.q) < 20));
    }

    [Fact]
    public void ConstantAndDeadInputs_AreSolved()
    {
        var problem = Samples.Problem(4, 12, 100, 3);
        for (int r = 0; r < problem.RowCount; r++)
        {
            problem.Rows[(r * 12) + 3] = 0;
            problem.Rows[(r * 12) + 4] = 1;
            problem.Rows[(r * 12) + 5] = 1;
        }

        var solution = WeightSolver.Solve(problem);
        Assert.True(solution.Report.FinalError < solution.Report.MaxNearestError);
        for (int c = 0; c < 4; c++)
        {
            float weight = problem.Weights[(c * 12) + 3];
            Assert.Equal((int)Math.Clamp(MathF.Round(weight / solution.Scales[c]), -127, 127), solution.Quantized[(c * 12) + 3]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DeadChannels_GetZerosAndAnOrdinaryScale(bool perChannel)
    {
        var problem = Samples.Problem(3, 10, 50, 3, perChannel);
        problem.Weights.AsSpan(10, 10).Clear();
        var solution = WeightSolver.Solve(problem);
        Assert.All(solution.Quantized[10..20], q => Assert.Equal(0, q));
        Assert.InRange(solution.Scales.Max() / solution.Scales.Min(), 1, 10);
        var dead = WeightSolver.Solve(problem with { Weights = new float[30] });
        Assert.All(dead.Quantized, q => Assert.Equal(0, q));
        Assert.All(dead.Scales, s => Assert.Equal(1f, s));
        Assert.Equal(0, dead.Report.FinalError);
    }

    [Fact]
    public void TinyWeights_GetAScaleThatFloatsCanHold()
    {
        var problem = Samples.Problem(2, 10, 50, 3);
        var solution = WeightSolver.Solve(problem with { Weights = [.. problem.Weights.Select(w => w * 1e-40f)] });
        Assert.All(solution.Scales, s => Assert.True(s >= 1e-30f));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MinimumScales_AreKept(bool perChannel)
    {
        var problem = Samples.Problem(3, 10, 50, 3, perChannel) with { MinimumScales = [0.01f, 0, 0.02f] };
        float[] scales = WeightSolver.Solve(problem).Scales;
        Assert.Equal(0.02f, scales[^1]);
        Assert.True(scales[0] >= 0.01f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void AWeightThatIsNotFinite_IsRefusedByName(float weight)
    {
        var problem = Samples.Problem(3, 10, 50, 3);
        problem.Weights[14] = weight;
        var error = Assert.Throws<OctetException>(() => WeightSolver.Solve(problem));
        Assert.Equal(ErrorCodes.NonFiniteWeight, error.Code);
        Assert.Contains("\"layer\": weight 4 of channel 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemsThatDoNotFitTogether_AreRefused()
    {
        var problem = Samples.Problem(3, 10, 50, 3);
        var signedInput = new QuantParams(QuantType.Int8, 1, 0);
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem with { Channels = 4 }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem with { RowCount = 51 }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem with { Type = QuantType.UInt8 }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem with { Input = signedInput, AvoidSaturation = true }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem with { MinimumScales = [1f] }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem with { MinimumScales = [1f, 1f, float.NaN] }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem, new WeightOptions { Damping = 0 }));
        Assert.Throws<ArgumentException>(() => WeightSolver.Solve(problem, new WeightOptions { SaturationMargin = -1 }));
        Assert.Throws<ArgumentException>(() => WeightSolver.SolveGroups([]));
        Assert.Throws<ArgumentException>(() => WeightSolver.SolveGroups([problem, problem with { PerChannel = false }]));
    }

    [Fact]
    public void Cancellation_EndsTheSolve()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => WeightSolver.Solve(Samples.Problem(3, 10, 50, 3), null, source.Token));
    }

    private static IEnumerable<int[]> AllRoundings(int count, int limit)
    {
        int levels = (2 * limit) + 1;
        for (int code = 0; code < (int)Math.Pow(levels, count); code++)
        {
            int rest = code;
            yield return [.. Enumerable.Range(0, count).Select(_ =>
            {
                int digit = (rest % levels) - limit;
                rest /= levels;
                return digit;
            })];
        }
    }
}
