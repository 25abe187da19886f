using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

/// <summary>What holds for every rewrite of the list, on every real model.</summary>
public sealed class RewriteContractTests
{
    public static TheoryData<string> Names => [.. RewritePipeline.SimplifyAndUnroll.Rewrites.Select(r => r.Name)];

    [Fact]
    public void List_HoldsEveryRewriteOnce()
    {
        var types = typeof(IRewrite).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IRewrite)) && !t.IsAbstract);
        Assert.Equal(
            types.Select(t => t.Name).Order(StringComparer.Ordinal),
            RewritePipeline.SimplifyAndUnroll.Rewrites.Select(r => r.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rewrite_HasANameAndASentence(string name)
    {
        var rewrite = RewritePipeline.SimplifyAndUnroll.Rewrites.Single(r => r.Name == name);
        Assert.Matches("^[a-z0-9-]+$", rewrite.Name);
        Assert.NotEmpty(rewrite.Description);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rewrite_AppliedTwice_FindsNothingTheSecondTime_AndKeepsInterfaceAndSources(string name)
    {
        foreach (string path in RealModels.Present)
        {
            var original = OnnxFormat.Read(path);
            var model = original.Clone();
            var rewrite = RewritePipeline.SimplifyAndUnroll.Rewrites.Single(r => r.Name == name);
            new RewritePipeline([rewrite]).Run(model);
            Assert.Empty(model.Graph.Verify());
            Assert.Equal(0, rewrite.Apply(new RewriteContext(model)));
            Assert.Equal(Needed(original), Needed(model));
            Assert.Equal(original.Graph.Outputs.Select(i => i.Name), model.Graph.Outputs.Select(i => i.Name));
            var known = original.Graph.AllNodes.Select(n => n.DisplayName).ToHashSet();
            Assert.All(model.Graph.AllNodes.SelectMany(n => n.Source), s => Assert.Contains(s, known));
            Assert.All(model.Graph.AllNodes, n => Assert.NotEmpty(n.Source));
        }
    }

    [Fact]
    public void Rewrites_OfTheEmbeddedSample_LeaveItsOutputsEqual() => AssertEachEqual(RealModels.Embedded);

    [SharedTheory]
    [InlineData("mnist/lenet_bn.onnx")]
    [InlineData("mnist/lenet_fused.onnx")]
    [InlineData("cifar10/resnet8_bn.onnx")]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx")]
    [InlineData("fsdd/fsdd_dscnn_bn.onnx")]
    [InlineData("imagenet/mobilenet_v2_bn.onnx")]
    [InlineData("ultraface/ultraface_rfb320_op13.onnx")]
    [InlineData("ultraface/ultraface_rfb320_bn_op13.onnx")]
    [InlineData("minilm/minilm_l3_s48.onnx")]
    [InlineData("g2p_gru/g2p_gru.onnx")]
    public void Rewrites_OfARealModel_LeaveItsOutputsEqual(string model) => AssertEachEqual(SharedData.PathOf(model));

    private static IEnumerable<string> Needed(Model model) => model.Graph.Inputs.Where(i => i.Constant is null).Select(i => i.Name);

    private static void AssertEachEqual(string path)
    {
        var original = OnnxFormat.Read(path);
        var all = original.Clone();
        RewritePipeline.SimplifyAndUnroll.Run(all);
        Assert.DoesNotContain(all.Graph.AllNodes, n => n.Is("BatchNormalization"));
        var models = new List<Model> { all };
        foreach (var rewrite in RewritePipeline.SimplifyAndUnroll.Rewrites)
        {
            var one = original.Clone();
            if (new RewritePipeline([rewrite]).Run(one).Count > 0)
            {
                models.Add(one);
            }
        }

        FloatEquality.AssertSame(original, models);
    }
}
