using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class UnrollRecurrenceTests
{
    private const int Hidden = 5;
    private readonly Patterns g = new();
    private readonly UnrollRecurrence unroll = new();

    [Theory]
    [InlineData("forward", 0, false, false)]
    [InlineData("forward", 1, true, true)]
    [InlineData("reverse", 1, true, false)]
    [InlineData("reverse", 0, false, true)]
    [InlineData("bidirectional", 0, true, true)]
    [InlineData("bidirectional", 1, false, false)]
    public void Gru_ComputesTheSame(string direction, int linearBeforeReset, bool hasLengths, bool hasState)
    {
        string left = g.Apply(unroll, Layer("GRU", 3, direction, hasLengths, hasState, ("linear_before_reset", (long)linearBeforeReset)));
        Assert.DoesNotContain("GRU", left, StringComparison.Ordinal);
        int directions = direction == "bidirectional" ? 2 : 1;
        Assert.Equal(directions * (1 + (4 * (2 - linearBeforeReset))), left.Split(' ').Count(o => o == "Gemm"));
    }

    [Theory]
    [InlineData("forward", false, false)]
    [InlineData("reverse", true, true)]
    [InlineData("bidirectional", true, false)]
    [InlineData("bidirectional", false, true)]
    public void Lstm_ComputesTheSame(string direction, bool hasLengths, bool hasState)
        => Assert.DoesNotContain("LSTM", g.Apply(unroll, Layer("LSTM", 4, direction, hasLengths, hasState)), StringComparison.Ordinal);

    [Fact]
    public void TheLastStateAlone_NeedsNoOtherOutputs()
    {
        var all = Layer("GRU", 3, "forward", hasLengths: true, hasState: false);
        Assert.DoesNotContain("Concat", g.Apply(unroll, all[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeWrittenOut_SaysWhy()
    {
        var open = g.Node("GRU", "open", [g.Dynamic("y", "T", "N", 6), g.Constant("w", 1, 15, 6), g.Constant("r", 1, 15, Hidden)], ("hidden_size", (long)Hidden));
        var clipped = g.Node("GRU", "clipped", [g.Input("z", 4, 2, 6), g.Constant("v", 1, 15, 6), g.Constant("q", 1, 15, Hidden)], ("hidden_size", (long)Hidden), ("clip", 1f));
        var simple = g.Node("RNN", "simple", [g.Input("u", 4, 2, 6), g.Constant("a", 1, Hidden, 6), g.Constant("b", 1, Hidden, Hidden)], ("hidden_size", (long)Hidden));
        Assert.Equal("GRU GRU RNN", g.Apply(unroll, out var model, open, clipped, simple));
        var context = new RewriteContext(model);
        Assert.Equal(
            ["the number of its steps is not fixed: give the input a fixed size", "it has the attribute clip", "RNN is not written out, GRU and LSTM are"],
            UnrollRecurrence.Recurrent(model.Graph).Select(n => UnrollRecurrence.WhyNot(n, context)));
    }

    private Value[] Layer(string opType, int gates, string direction, bool hasLengths, bool hasState, params (string, AttributeValue)[] attributes)
    {
        int directions = direction == "bidirectional" ? 2 : 1;
        Value? State(string name) => hasState ? g.Input(name, directions, 2, Hidden) : null;
        Value?[] inputs =
        [
            g.Input("x", 4, 2, 6), g.Constant("w", directions, gates * Hidden, 6), g.Constant("r", directions, gates * Hidden, Hidden), g.Constant("b", directions, 2 * gates * Hidden),
            hasLengths ? g.Graph.AddInput("lengths", TensorType.Of(ElementType.Int32, new Shape(2))) : null, State("h"), .. opType == "LSTM" ? [State("c")] : Array.Empty<Value?>(),
        ];
        var node = g.Graph.AddNode(opType, inputs, opType == "LSTM" ? ["all", "last", "cell"] : ["all", "last"]);
        node.Name = "layer";
        node.Source = ["layer"];
        foreach (var (name, value) in attributes.Append(("hidden_size", (long)Hidden)).Append(("direction", direction)))
        {
            node.SetAttribute(name, value);
        }

        return [.. node.Outputs.OfType<Value>()];
    }
}
