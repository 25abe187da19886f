using Octet.Graphs;
using Octet.Rewrites;
using Octet.Tests.Formats.Onnx;

namespace Octet.Tests.Rewrites;

public sealed class RewritePipelineTests
{
    [Fact]
    public void Run_WhenARewriteBreaksTheGraph_NamesItAndThoseBefore()
    {
        var rename = new Scripted("rename", model => Once(model, "b", "bias"));
        var breaker = new Scripted("break", model =>
        {
            var relu = model.Graph.Nodes.Last();
            model.Graph.MoveBefore(relu, model.Graph.Nodes.First());
            return 1;
        });
        var error = Assert.Throws<OctetException>(() => new RewritePipeline([rename, breaker]).Run(OnnxSamples.Model()));
        Assert.Equal(ErrorCodes.Internal, error.Code);
        Assert.Contains("rewrite break broke the graph", error.Message, StringComparison.Ordinal);
        Assert.Contains("rewrites before it: rename", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenARewriteKeepsQuietAboutAChange_SaysSo()
    {
        var quiet = new Scripted("quiet", model =>
        {
            Once(model, "b", "bias");
            return 0;
        });
        var error = Assert.Throws<OctetException>(() => new RewritePipeline([quiet]).Run(OnnxSamples.Model()));
        Assert.Contains("rewrite quiet reports 0 changes, but the model is another", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenARewriteBoasts_SaysSo()
    {
        var error = Assert.Throws<OctetException>(() => new RewritePipeline([new Scripted("boast", _ => 3)]).Run(OnnxSamples.Model()));
        Assert.Contains("rewrite boast reports 3 changes, but the model is as it was", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenRewritesUndoEachOther_Ends()
    {
        var there = new Scripted("there", model => Once(model, "b", "bias"));
        var back = new Scripted("back", model => Once(model, "bias", "b"));
        var error = Assert.Throws<OctetException>(() => new RewritePipeline([there, back]).Run(OnnxSamples.Model()));
        Assert.Contains("still find something", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RepeatsTheList_WhileOneRewriteMakesWorkForAnother()
    {
        var second = new Scripted("second", model => Once(model, "bias", "end"));
        var first = new Scripted("first", model => Once(model, "b", "bias"));
        var counts = new RewritePipeline([second, first]).Run(OnnxSamples.Model());
        Assert.Equal([("first", 1), ("second", 1)], counts.Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void Run_WhenCancelled_Stops()
        => Assert.Throws<OperationCanceledException>(() => RewritePipeline.Simplify.Run(OnnxSamples.Model(), new CancellationToken(canceled: true)));

    private static int Once(Model model, string from, string to)
    {
        if (model.Graph.Find(from) is not { } value)
        {
            return 0;
        }

        model.Graph.Rename(value, to);
        return 1;
    }

    private sealed class Scripted(string name, Func<Model, int> apply) : IRewrite
    {
        public string Name => name;

        public string Description => "A rewrite of a test.";

        public int Apply(RewriteContext context) => apply(context.Model);
    }
}
