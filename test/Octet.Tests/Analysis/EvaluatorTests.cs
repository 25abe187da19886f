using System.Collections.Concurrent;
using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Analysis;

public sealed class EvaluatorTests
{
    private static readonly Model Same = TinyModels.Shifted(0, 0, 0);

    [Fact]
    public void Evaluate_OfAShiftedModel_GivesTheErrorsComputedByHand()
    {
        // f = 1 2 3 | −1 0 2, q = 1.5 2 2 | −0.5 0 1.
        var report = Evaluator.Evaluate(TinyModels.Shifted(0.5f, 0, -1), Same, TinyModels.Rows([1, 2, 3], [-1, 0, 2]));

        Assert.Equal(2, report.Samples);
        var output = Assert.Single(report.Outputs);
        Assert.Equal(("y", ElementType.Float32, 6L, 0L), (output.Name, output.Type, output.Values, output.NonFinite));
        Assert.Equal(10 * Math.Log10(19 / 2.5), output.Sqnr, 12);
        Assert.Equal(14 / Math.Sqrt(19 * 11.5), output.Cosine, 12);
        Assert.Equal(1, output.MaxAbs);
        Assert.Equal(0.5, output.MeanAbs);

        // 1.5 2 2 has its largest at the second place, the first of the two.
        Assert.Equal(0.5, output.Agreement);
        Assert.Null(report.Classification);
    }

    [Fact]
    public void Evaluate_OfAModelWithItself_FindsNoError()
    {
        var output = Assert.Single(Evaluator.Evaluate(Same, Same, TinyModels.Rows([1, 2, 3], [0, 0, 0])).Outputs);
        Assert.Equal(
            new OutputReport("y", ElementType.Float32, 6, double.PositiveInfinity, 1, 0, 0, 1, 0),
            output);
    }

    [Fact]
    public void Evaluate_WithLabels_CountsTheLargestAndTheFiveLargestScores()
    {
        var reference = TinyModels.Shifted(0, 0, 0, 0, 0, 0, 0);
        var model = TinyModels.Shifted(0, 0, 0, 0, 0, 0, 10);
        (float[], int?)[] rows =
        [
            ([7, 6, 5, 4, 3, 2, 1], 0), // reference right; model sees class 6 first, 0 second
            ([7, 6, 5, 4, 3, 2, 1], 4), // fifth of the reference, sixth of the model
            ([1, 1, 1, 1, 1, 1, 1], 4), // equal scores go by place: fifth, then sixth
            ([7, 6, 5, 4, 3, 2, 1], 6),
            ([0, 0, 0, 0, 0, 0, 0], null),
        ];
        var classification = Evaluator.Evaluate(model, reference, TinyModels.Rows(rows)).Classification;
        Assert.Equal(new ClassificationReport("y", 4, 0.25, 0.5, 0.25, 0.75), classification);
    }

    [Fact]
    public void Evaluate_WithoutReference_GivesTheAccuracyAlone()
    {
        var report = Evaluator.Evaluate(Same, null, TinyModels.Rows(([1, 2, 3], 2), ([1, 2, 3], 1)));
        Assert.Empty(report.Outputs);
        Assert.Equal(new ClassificationReport("y", 2, 0.5, null, null, null), report.Classification);
    }

    [Fact]
    public void Evaluate_OfABatch_ComparesEveryRowWithItsLabel()
    {
        using var folder = new Data.DataFolder();
        folder.WriteNpy<float>("x.npy", [1, 2, 3, 3, 2, 1, 2, 3, 1, 1, 1, 2], 4, 3);
        var samples = SampleSources.Open(
            folder.PathOf("x.npy"),
            [new InputSpec("x", ElementType.Float32, [2, 3])],
            new SampleOptions { Labels = folder.Write("labels.txt", "2\n0\n1\n0\n") });
        var report = Evaluator.Evaluate(TinyModels.Shifted(0, 2, 0), Same, samples);
        Assert.Equal(2, report.Samples);
        Assert.Equal(new ClassificationReport("y", 4, 0.25, null, 0.75, null), report.Classification);
        Assert.Equal(0.25, report.Outputs[0].Agreement);
    }

    [Fact]
    public void Evaluate_OfSeveralOutputs_ReportsEachByItsKind()
    {
        static Value[] Outputs(Graph graph, Value x, float shift)
        {
            var moved = graph.Add("Add", [x, graph.AddConstant("shift", Tensor.FromArray([0, 0, shift], new Shape(3)))], "scores");
            var mean = graph.Add("ReduceMean", [moved], "mean");
            mean.Producer!.SetAttribute("axes", new AttributeValue.Ints([1]));
            var largest = graph.Add("ArgMax", [moved], "class");
            largest.Producer!.SetAttribute("axis", 1);
            largest.Producer.SetAttribute("keepdims", 0);
            return [mean, moved, largest];
        }

        var report = Evaluator.Evaluate(
            TinyModels.Of(3, (g, x) => Outputs(g, x, 1.5f)),
            TinyModels.Of(3, (g, x) => Outputs(g, x, 0)),
            TinyModels.Rows(([1, 2, 0], 1), ([4, 2, 3], 0)));
        Assert.Equal(["mean", "scores", "class"], report.Outputs.Select(o => o.Name));
        Assert.Equal([null, 0.5, 0.5], report.Outputs.Select(o => o.Agreement));
        Assert.Equal(0.5f, (float)report.Outputs[0].MaxAbs, 6);
        Assert.Equal(ElementType.Int64, report.Outputs[2].Type);
        Assert.Equal(new ClassificationReport("scores", 2, 0.5, null, 1, null), report.Classification);

        var byClass = Evaluator.Evaluate(
            TinyModels.Of(3, (g, x) => Outputs(g, x, 1.5f)), null, TinyModels.Rows(([1, 2, 0], 1), ([4, 2, 3], 0)), new EvaluationOptions { LabelledOutput = "class" });
        Assert.Equal(new ClassificationReport("class", 2, 0.5, null, null, null), byClass.Classification);
    }

    [Fact]
    public void Evaluate_OfValuesThatAreNotFinite_CountsThoseThatDiffer()
    {
        static Value[] Log(Graph graph, Value x, float shift)
            => [graph.Add("Log", [graph.Add("Add", [x, graph.AddConstant("shift", Tensor.FromArray([0, shift], new Shape(2)))], "sum")], "y")];
        var output = Evaluator.Evaluate(
            TinyModels.Of(2, (g, x) => Log(g, x, 1)), TinyModels.Of(2, (g, x) => Log(g, x, 0)), TinyModels.Rows([0, 0], [1, MathF.E])).Outputs[0];
        Assert.Equal(1, output.NonFinite);
        Assert.Equal(2, output.Values);
        Assert.Equal(Math.Log(MathF.E + 1) - 1, output.MaxAbs, 6);
    }

    [Fact]
    public void Evaluate_OnAnyNumberOfThreads_GivesTheSameNumbers()
    {
        var random = new Random(5);
        var samples = TinyModels.Rows([.. Enumerable.Range(0, 200).Select(_ =>
            ((float[])[.. Enumerable.Range(0, 3).Select(_ => (float)(Math.Exp(20 * random.NextDouble()) - 5))], (int?)random.Next(3)))]);
        var done = new ConcurrentBag<int>();
        var reports = new[] { 1, 2, 5 }.Select(threads => Evaluator.Evaluate(
            TinyModels.Shifted(0.1f, -3, 70), Same, samples, new EvaluationOptions { Threads = threads }, () => done.Add(threads))).ToArray();
        Assert.All(reports, r => Assert.Equal(reports[0].Outputs[0], r.Outputs[0]));
        Assert.All(reports, r => Assert.Equal(reports[0].Classification, r.Classification));
        Assert.Equal(600, done.Count);
    }

    [Fact]
    public void Evaluate_OfModelsWithOtherOutputNames_ComparesByPlace()
    {
        var other = TinyModels.Of(3, (g, x) => [g.Add("Neg", [x], "negative")]);
        Assert.Equal(("y", 4.0), Evaluator.Evaluate(other, Same, TinyModels.Rows([1, 2, 0])).Outputs.Select(o => (o.Name, o.MaxAbs)).Single());
    }

    [Fact]
    public void Evaluate_OfModelsThatDoNotFit_SaysWhichOutput()
    {
        static Value Copy(Graph g, Value x, string name) => g.Add("Identity", [x], name);
        AssertError(
            ErrorCodes.OutputsMismatched,
            "no output \"z\"",
            () => Evaluator.Evaluate(Same, TinyModels.Of(3, (g, x) => [Copy(g, x, "y"), Copy(g, x, "z")]), TinyModels.Rows([1, 2, 3])));
        AssertError(
            ErrorCodes.OutputsMismatched,
            "with sample 0 (\"row 0\") output \"y\" is [1,3], but [3,1] in the reference",
            () => Evaluator.Evaluate(Same, TinyModels.Of(3, (g, x) => [g.Add("Transpose", [x], "y")]), TinyModels.Rows([1, 2, 3])));
    }

    [Fact]
    public void Evaluate_WithLabelsThatDoNotFit_NamesTheSample()
    {
        AssertError(
            ErrorCodes.LabelsMalformed, "label 3 of sample 1 (\"row 1\") exceeds the 3 classes", () => Evaluator.Evaluate(Same, Same, TinyModels.Rows(([1, 2, 3], 0), ([1, 2, 3], 3))));
        var single = TinyModels.Of(1, (g, x) => [g.Add("Identity", [x], "y")]);
        AssertError(ErrorCodes.LabelsMalformed, "no output has one row of scores", () => Evaluator.Evaluate(single, single, TinyModels.Rows(([1], 0))));
        AssertError(
            ErrorCodes.UnknownName, "no output \"z\"", () => Evaluator.Evaluate(Same, Same, TinyModels.Rows(([1, 2, 3], 0)), new EvaluationOptions { LabelledOutput = "z" }));
    }

    [Fact]
    public void Evaluate_OfAMissingFile_SaysSo() => AssertError(
        ErrorCodes.ModelNotReadable, "no model file \"missing.onnx\"", () => Evaluator.Evaluate("missing.onnx", null, TinyModels.Rows([1, 2, 3])));

    [Fact]
    public void Evaluate_Cancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        int done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Evaluate(
            Same, Same, TinyModels.Rows([.. Enumerable.Repeat<float[]>([1, 2, 3], 50)]), new EvaluationOptions { Threads = 1 }, () =>
            {
                if (++done == 3)
                {
                    source.Cancel();
                }
            }, source.Token));
        Assert.Equal(3, done);
    }

    [SharedFact("mnist")]
    public void Evaluate_OfTheFloatLeNet_GivesItsKnownAccuracy()
    {
        string model = SharedData.PathOf("mnist/lenet_bn.onnx");
        var samples = SampleSources.Open(
            SharedData.PathOf("mnist/t10k-images-idx3-ubyte.gz"),
            TinyModels.InputsOf(model),
            new SampleOptions { Labels = SharedData.PathOf("mnist/t10k-labels-idx1-ubyte.gz") });
        var report = Evaluator.Evaluate(model, SharedData.PathOf("mnist/lenet_fused.onnx"), samples);
        Assert.Equal(10_000, report.Samples);
        Assert.Equal(0.9773, report.Classification!.Top1, 12);
        Assert.InRange(report.Classification.Top5!.Value, 0.99, 1);
        Assert.InRange(report.Outputs[0].Sqnr, 100, 200);
    }

    [SharedFact("cifar10")]
    public void Evaluate_OfTheFloatResNet_GivesItsKnownAccuracy()
    {
        using var packed = new System.IO.Compression.GZipStream(
            File.OpenRead(SharedData.PathOf("cifar10/cifar10_test_first2000.bin.gz")), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        var samples = SampleSources.FromMemory(bytes.ToArray().Chunk(3073).Select((row, i) => new Sample(
            i,
            $"image {i}",
            new Dictionary<string, Tensor> { ["input"] = Tensor.FromArray([.. row.Skip(1).Select(b => (float)b)], new Shape(1, 3, 32, 32)) },
            row[0])));
        var report = Evaluator.Evaluate(SharedData.PathOf("cifar10/resnet8_bn.onnx"), null, samples);
        Assert.Equal((2000L, 0.879), (report.Classification!.Items, report.Classification.Top1));
    }

    private static void AssertError(string code, string part, Action action)
    {
        var error = Assert.Throws<OctetException>(action);
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
