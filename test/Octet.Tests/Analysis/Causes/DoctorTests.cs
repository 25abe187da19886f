using Octet.Analysis;
using Octet.Analysis.Causes;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Tests.Planning;

namespace Octet.Tests.Analysis.Causes;

/// <summary>Plants each defect into a network that has none, and asks for its name; networks without defects must give no alarm.</summary>
public sealed class DoctorTests(ShapesSample shapes) : IClassFixture<ShapesSample>, IDisposable
{
    private static readonly QuantizerOptions Fast = new() { Effort = Effort.Fast };
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Clean => [.. CleanModels.Names];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Diagnose_TheSample_FindsNothing()
    {
        var samples = shapes.Open(shapes.CalibrationList, samples: 60);
        Assert.Empty(Analyze(new QuantizerOptions(), shapes.ModelPath, samples).Diagnoses);
        Assert.Empty(Analyze(Fast, shapes.ModelPath, samples, shapes.Open(shapes.TestList, samples: 60)).Diagnoses);
    }

    [SharedTheory("mnist", "cifar10", "mlperf_tiny", "imagenet")]
    [MemberData(nameof(Clean))]
    public void Diagnose_CleanModels_FindsNothing(string name)
    {
        var report = Analyze(new QuantizerOptions(), SharedData.PathOf(name), CleanModels.Samples(name));
        Assert.Empty(report.Diagnoses);
        Assert.True(report.Sqnr > 15, $"{report.Sqnr} dB");
    }

    [Fact]
    public void Diagnose_AnOutlierChannel_NamesItAndTheEffortThatBalancesIt()
    {
        var model = RangeModels.Outlier();
        string path = RangeModels.Write(model, folder.Path);
        var samples = SampleSources.Open(RangeModels.Data(model, folder.Path), ModelInputs.Of(model.Graph), new SampleOptions());
        AssertFound(Analyze(Fast, path, samples), "outlier channel", "last", "--effort normal");
        Assert.Empty(Analyze(new QuantizerOptions(), path, samples).Diagnoses);
    }

    [Fact]
    public void Diagnose_ADeadChannel_NamesIt()
    {
        string path = Planted(graph =>
        {
            Scale(Behind(graph, "/features/features.3/body/body.3/Conv"), [1], 5, 0);
            Edit(Behind(graph, "/features/features.3/body/body.3/Conv"), 2, (b, i) => i == 5 ? -1 : b);
            Edit(Node(graph, "/features/features.3/body/body.6/Conv"), 1, (w, i) => i % 48 == 5 ? 100 : w);
        });
        AssertFound(Analyze(Fast, path), "dead channel", "/features/features.3/body/body.6/Conv", "--effort normal");
    }

    [Fact]
    public void Diagnose_DepthwiseSpread_NamesIt()
    {
        // The sample itself has it, where all channels share one scale; a part of it comes from dead channels.
        var found = AssertFound(Analyze(Fast with { Target = "generic" }, shapes.ModelPath), "depthwise spread", "/features/features.3/body/body.3/Conv", "--effort normal");
        Assert.True(found.Gain > 20, $"{found.Gain} dB");
    }

    [Fact]
    public void Diagnose_ABatchNormalizationThatCannotBeFolded_NamesIt()
    {
        string path = Planted(graph => graph.AddOutput(Node(graph, "/features/features.7/Conv").Output));
        var found = AssertFound(Analyze(Fast, path), "batch normalization left unfolded", "/features/features.8/BatchNormalization", "export the model");
        Assert.Contains("is read by others, too", found.Sign, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_MixedRanges_NamesTheJoinThatLosesTheScores()
    {
        var model = RangeModels.Detector();
        string path = RangeModels.Write(model, folder.Path);
        var samples = SampleSources.Open(RangeModels.Data(model, folder.Path), ModelInputs.Of(model.Graph), new SampleOptions());
        var options = Fast with { Target = "generic", RangeGuard = false };
        Assert.True(AssertFound(Analyze(options, path, samples), "mixed ranges", "all", "leave out --no-range-guard").Restores);
        Assert.Empty(Analyze(options with { RangeGuard = true }, path, samples).Diagnoses);
    }

    [Fact]
    public void Diagnose_AnAdditiveMask_NamesTheSum()
    {
        var model = RangeModels.Masked();
        string path = RangeModels.Write(model, folder.Path);
        var samples = SampleSources.Open(RangeModels.Data(model, folder.Path), ModelInputs.Of(model.Graph), new SampleOptions());
        var found = AssertFound(Analyze(Fast with { RangeGuard = false }, path, samples), "additive mask", "masked", "leave out --no-range-guard");
        Assert.True(found.Gain > 10, $"{found.Gain} dB");
        Assert.Empty(Analyze(Fast, path, samples).Diagnoses);
    }

    [Fact]
    public void Diagnose_OutliersBehindALayerNormalization_NamesTheLayerThatReadsThem()
    {
        var model = Normalized(outlier: 300);
        var unsmoothed = new QuantizerOptions { Smoothing = RefinementUse.Never };
        Assert.True(AssertFound(Analyze(unsmoothed, Write(model), Rows()), "softmax or layer-norm outliers", "second", "leave out --smoothing never").Gain > 6);
        Assert.Empty(Analyze(new QuantizerOptions(), Write(model), Rows()).Diagnoses);
        Assert.Empty(Analyze(new QuantizerOptions(), Write(Normalized(outlier: 1)), Rows()).Diagnoses);
    }

    [Fact]
    public void Diagnose_ABiasThatDoesNotFit_NamesTheLayer()
    {
        string path = Planted(graph =>
        {
            // Weights of a channel a millionth of what they were, its bias not.
            var norm = Behind(graph, "/features/features.3/body/body.0/Conv");
            Scale(norm, [1], 3, 1e-5f);
            Edit(norm, 2, (b, i) => i == 3 ? 5 : b);
        });
        var found = AssertFound(Analyze(Fast, path), "bias overflow", "/features/features.3/body/body.0/Conv", "--keep-float");
        Assert.Contains("the bias of channel 3", found.Sign, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_SumsThatSaturate_CountsThem()
    {
        var found = AssertFound(Analyze(new QuantizerOptions { Saturation = SaturationPolicy.Ignore }, shapes.ModelPath), "saturation", "the whole network", "--saturation avoid");
        Assert.Matches("^[1-9][0-9]* of the sampled sums would saturate", found.Sign);
    }

    [Fact]
    public void Diagnose_ARangeThatCutsOffWhatMatters_NamesTheMethod()
    {
        // A value in many thousands, a hundred times as large as the others, makes what the mean tells.
        var random = new Random(4);
        var model = TinyModels.Of(4096, (graph, x) =>
        {
            var product = graph.Add("MatMul", [x, graph.AddConstant("w", Tensor.FromArray([.. Enumerable.Range(0, 4096 * 4).Select(_ => random.NextSingle() - 0.5f)], new Shape(4096, 4)))], "y");
            product.Producer!.Name = "product";
            return [product];
        });
        var rows = TinyModels.Rows([.. Enumerable.Range(0, 32).Select(n => (float[])[.. Enumerable.Range(0, 4096).Select(i => (n % 8 == 0 && i == n) ? 3000 : random.NextSingle())])]);
        AssertFound(Analyze(Fast with { Method = "percentile" }, Write(model), rows), "clipping", "product", "--method auto");
    }

    [Fact]
    public void Diagnose_CalibrationDataUnlikeTheEvaluations_NamesTheTensors()
    {
        var dark = shapes.Open(shapes.CalibrationList, "rgb,scale=1/2550,mean=.42:.40:.38,std=.25:.22:.20", 40);
        var found = AssertFound(
            Analyze(Fast, shapes.ModelPath, dark, shapes.Open(shapes.TestList, samples: 40)), "calibration data unlike evaluation data", "image", "calibrate with samples like those");
        Assert.True(found.Gain > 3, $"{found.Gain} dB");
    }

    [Fact]
    public void Catalog_HoldsEveryCause()
        => Assert.Equal(
            typeof(Cause).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Cause))).Select(t => t.Name).Order(StringComparer.Ordinal),
            CauseCatalog.All.Select(c => c.GetType().Name).Order(StringComparer.Ordinal));

    private static Diagnosis AssertFound(AnalysisReport report, string cause, string place, string remedy)
    {
        string all = string.Join('\n', report.Diagnoses.Select(d => d.ToString() + " at " + string.Join(", ", d.Places)));
        var found = report.Diagnoses.FirstOrDefault(d => d.Cause == cause);
        Assert.True(found is not null, $"{report.Sqnr} dB; found only: {all}");
        Assert.True(found.Places.Contains(place), all);
        Assert.StartsWith(remedy, found.Remedy, StringComparison.Ordinal);
        Assert.True(found.Restores || found.Gain > 0, $"{found.Gain} dB");
        return found;
    }

    private AnalysisReport Analyze(QuantizerOptions options, string path, ISampleSource? samples = null, ISampleSource? evaluation = null)
        => new Analyzer(options).Analyze(path, samples ?? shapes.Open(shapes.CalibrationList, samples: 40), evaluation);

    private string Planted(Action<Graph> plant)
    {
        var model = OnnxFormat.Read(shapes.ModelPath);
        plant(model.Graph);
        return Write(model);
    }

    private string Write(Model model)
    {
        string path = folder[$"planted{Directory.GetFiles(folder.Path).Length}.onnx"];
        OnnxFormat.Write(model, path);
        return path;
    }

    private static Node Node(Graph graph, string name) => graph.Nodes.Single(n => n.Name == name);

    private static Node Behind(Graph graph, string name) => Node(graph, name).Output.Uses.Single().Node;

    private static void Scale(Node node, int[] inputs, int channel, float factor)
    {
        foreach (int input in inputs)
        {
            Edit(node, input, (v, i) => i == channel ? v * factor : v);
        }
    }

    private static void Edit(Node node, int input, Func<float, int, float> edit)
    {
        var constant = node.Inputs[input]!.Constant!;
        node.Inputs[input]!.SetConstant(Tensor.FromArray([.. constant.ToFloats().Select(edit)], constant.Shape));
    }

    // A product, a layer normalization with one large gain, a product that makes up for the gain.
    private static Model Normalized(float outlier)
    {
        const int Width = 32;
        var random = new Random(9);
        var model = TinyModels.Of(Width, (graph, x) =>
        {
            Value Product(Value input, string name, Func<int, float> factor)
            {
                float[] weights = [.. Enumerable.Range(0, Width * Width).Select(i => (random.NextSingle() - 0.5f) * factor(i / Width))];
                var output = graph.Add("MatMul", [input, graph.AddConstant(name + "_w", Tensor.FromArray(weights, new Shape(Width, Width)))], name + "_out");
                output.Producer!.Name = name;
                return output;
            }

            float[] gain = [.. Enumerable.Range(0, Width).Select(c => c == 7 ? outlier : 1f)];
            var normalized = graph.Add("LayerNormalization", [Product(x, "first", _ => 1), graph.AddConstant("gain", Tensor.FromArray(gain, new Shape(Width)))], "normalized");
            return [Product(normalized, "second", c => c == 7 ? 1 / outlier : 1)];
        });
        model.Opsets[string.Empty] = 17;
        return model;
    }

    private static ISampleSource Rows()
    {
        var random = new Random(8);
        return TinyModels.Rows([.. Enumerable.Range(0, 40).Select(_ => (float[])[.. Enumerable.Range(0, 32).Select(_ => random.NextSingle() - 0.5f)])]);
    }
}
