using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;
using Octet.Rewrites.OperatorSets;

namespace Octet.Tests.Rewrites;

public sealed class RaiseOperatorSetTests
{
    /// <summary>Cases that are refused, and why.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["node/test_scan_sum"] = "a batch of sequences",
    };

    [OnnxTestCasesFact]
    public void CasesOfOlderOperatorSets_Raised_GiveTheSameOutputs() => AssertRaisedGiveTheSame(13);

    [OnnxTestCasesFact]
    public void CasesOfOlderOperatorSets_RaisedForFourBits_GiveTheSameOutputs() => AssertRaisedGiveTheSame(21);

    private static void AssertRaisedGiveTheSame(int wantedVersion)
    {
        var findings = new List<string>();
        int compared = 0;
        foreach (var (name, original) in OnnxTestCases.OfOpsets(7, wantedVersion - 1))
        {
            var raised = original.Clone();
            try
            {
                new RewritePipeline([new FreezeDefaults(), new LiftConstants(), new RaiseOperatorSet(wantedVersion)]).Run(raised);
                if (Refused.ContainsKey(name))
                {
                    findings.Add($"{name}: is not refused any more");
                }

                Assert.Equal(wantedVersion, raised.Opsets[string.Empty]);
            }
            catch (OctetException e) when (e.Code == ErrorCodes.OpsetUnsupported)
            {
                if (!Refused.TryGetValue(name, out string? why) || !e.Message.Contains(why, StringComparison.Ordinal))
                {
                    findings.Add($"{name}: {e.Message}");
                }

                continue;
            }

            if (OnnxTestCases.InputsOf(name, original) is not { } inputs || RunOrNull(original, inputs) is not { } wanted)
            {
                // What this ONNX Runtime cannot run as it is need not run raised.
                continue;
            }

            try
            {
                var given = OnnxTestCases.Run(raised, inputs);
                for (int i = 0; i < wanted.Length; i++)
                {
                    if (wanted[i] is { } tensor && !AreSame(tensor, given[i]!))
                    {
                        findings.Add($"{name}: output {i} differs");
                    }
                }

                compared++;
            }
            catch (OctetException e)
            {
                findings.Add($"{name}: {e.Message}");
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
        Assert.True(compared >= 150, $"only {compared} cases were compared");
    }

    [Fact]
    public void AdapterList_HoldsEveryAdapterOnce()
    {
        var types = typeof(IOperatorAdapter).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IOperatorAdapter)) && !t.IsAbstract);
        Assert.Equal(types.Select(t => t.Name).Order(StringComparer.Ordinal), OperatorAdapters.All.Select(a => a.GetType().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Distinct(OperatorAdapters.All.Select(a => (a.OpType, a.Version)));
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    [InlineData("Hardmax")]
    public void Softmax_OverSeveralAxes_GivesTheSame(string opType)
        => AssertSame(11, opType, n => n.SetAttribute("axis", 1), 2, 3, 4);

    [Fact]
    public void Softmax_OverTheLastAxis_StaysOneNode()
    {
        var model = AssertSame(11, "Softmax", n => n.SetAttribute("axis", 2), 2, 3, 4);
        Assert.Equal(1, model.Graph.NodeCount);
    }

    [Fact]
    public void Clip_WithOneBound_GivesTheSame() => AssertSame(7, "Clip", n => n.SetAttribute("max", 0.25f), 2, 3);

    [Theory]
    [InlineData("nearest")]
    [InlineData("linear")]
    public void Upsample_OfOperatorSet7_GivesTheSame(string mode) => AssertSame(7, "Upsample", n =>
    {
        n.SetAttribute("mode", mode);
        n.SetAttribute("scales", new[] { 1f, 1, 2, 3 });
    }, 1, 2, 3, 4);

    [Theory]
    [InlineData("nearest", 2f, 1.5f)]
    [InlineData("nearest", 0.6f, 0.5f)]
    [InlineData("linear", 2f, 0.5f)]
    public void Resize_OfOperatorSet10_GivesTheSame(string mode, float vertical, float horizontal) => AssertSame(10, "Resize", n =>
    {
        n.SetAttribute("mode", mode);
        n.SetInput(1, n.Graph.AddConstant("scales", Tensor.FromArray([1f, 1, vertical, horizontal], new Shape(4))));
    }, 1, 2, 7, 9);

    [Fact]
    public void Resize_ThatEnlargesAndReducesToTheNearest_IsRefused()
    {
        var model = OneNode(10, "Resize", [1, 2, 7, 9]);
        var node = model.Graph.Nodes.Single();
        node.SetInput(1, model.Graph.AddConstant("scales", Tensor.FromArray([1f, 1, 2, 0.5f], new Shape(4))));
        var error = Assert.Throws<OctetException>(() => RewritePipeline.Simplify.Run(model));
        Assert.Equal(ErrorCodes.OpsetUnsupported, error.Code);
        Assert.Contains("node \"the node\" (Resize)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_InsideAnIf_AreRaised()
    {
        var graph = new Graph("g");
        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(2, 3, 4)));
        var condition = graph.AddInput("c", TensorType.Of(ElementType.Boolean, default));
        var yes = new Graph("yes", graph);
        yes.AddOutput(yes.Add("Softmax", [x], "softmax"));
        var no = new Graph("no", graph);
        var slice = no.AddNode("Unsqueeze", [no.Add("Squeeze", [x], "squeezed")], ["unsqueezed"]);
        slice.SetAttribute("axes", new long[] { 0 });
        var back = no.AddNode("Squeeze", [slice.Output], ["squeezed2"]);
        back.SetAttribute("axes", new long[] { 0 });
        no.AddOutput(back.Output);
        var choice = graph.AddNode("If", [condition], ["y"]);
        choice.SetAttribute("then_branch", yes);
        choice.SetAttribute("else_branch", no);
        graph.AddOutput(choice.Output);
        var model = new Model(graph) { Opsets = { [string.Empty] = 11 } };
        var raised = model.Clone();
        new RewritePipeline([new RaiseOperatorSet()]).Run(raised);
        FloatEquality.AssertSame(model, raised, 0);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public void NewerModels_StayAsTheyAre(long version)
    {
        var model = OneNode(version, "Relu", [2, 3]);
        Assert.Equal(0, new RaiseOperatorSet().Apply(new RewriteContext(model)));
        Assert.Equal(version, model.Opsets[string.Empty]);
    }

    [Fact]
    public void ModelsBeforeOperatorSet7_AreRefused()
    {
        var error = Assert.Throws<OctetException>(() => RewritePipeline.Simplify.Run(OneNode(6, "Relu", [2, 3])));
        Assert.Equal(ErrorCodes.OpsetUnsupported, error.Code);
    }

    private static Model AssertSame(long version, string opType, Action<Node> change, params long[] shape)
    {
        var model = OneNode(version, opType, shape);
        change(model.Graph.Nodes.Single());
        var raised = model.Clone();
        new RewritePipeline([new RaiseOperatorSet()]).Run(raised);
        FloatEquality.AssertSame(model, raised, 1e-6);
        return raised;
    }

    private static Model OneNode(long version, string opType, long[] shape)
    {
        var graph = new Graph("g");
        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(shape)));
        var y = graph.Add(opType, [x], "y");
        y.Producer!.Name = "the node";
        y.Producer.Source = ["the node"];
        graph.AddOutput(y);
        return new Model(graph) { Opsets = { [string.Empty] = version } };
    }

    private static Tensor?[]? RunOrNull(Model model, Dictionary<string, Tensor> inputs)
    {
        try
        {
            return OnnxTestCases.Run(model, inputs);
        }
        catch (OctetException e) when (e.Code is ErrorCodes.RuntimeRefusedModel or ErrorCodes.RunFailed)
        {
            return null;
        }
    }

    // Bit for bit but for Softmax and its sisters, which go through a matrix.
    private static bool AreSame(Tensor wanted, Tensor given)
        => wanted.ToString() == given.ToString()
            && (wanted.Storage.ToMemory().Span.SequenceEqual(given.Storage.ToMemory().Span)
                || (wanted.Type == ElementType.Float32 && wanted.ToFloats().Zip(given.ToFloats()).All(p => p.First.Equals(p.Second) || Math.Abs(p.First - p.Second) <= 1e-6)));
}
