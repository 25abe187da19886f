using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

public sealed class FoldConstantsTests
{
    private readonly Patterns g = new();
    private readonly FoldConstants fold = new();

    [Fact]
    public void WhatDependsOnConstantsAlone_IsComputed()
    {
        var w = g.Node("Transpose", "wt", [g.Node("Mul", "ws", [g.Constant("w", 4, 6), g.Constant("s", 4, 1)])]);
        Assert.Equal("MatMul", g.Apply(fold, out var model, g.Node("MatMul", "y", [g.Input("x", 3, 6), w])));
        Assert.Equal("wt", model.Graph.Nodes.Single().Inputs[1]!.Name);
        Assert.Single(model.Graph.Constants);
    }

    [Fact]
    public void ShapeArithmetic_OfAFixedShape_IsComputed()
    {
        var x = g.Input("x", 2, 3, 4);
        var first = g.Node("Gather", "first", [g.Node("Shape", "shape", [x]), g.Graph.AddConstant("zero", Tensor.Scalar(0L))], ("axis", 0));
        var target = g.Node("Concat", "target", [g.Node("Unsqueeze", "row", [first, g.Integers("axes", 0)]), g.Integers("rest", -1)], ("axis", 0));
        Assert.Equal("Reshape", g.Apply(fold, g.Node("Reshape", "y", [x, target])));
    }

    [Fact]
    public void ShapeArithmetic_OfAnUnknownShape_Stays()
    {
        var x = g.Dynamic("x", "batch", 3, 4);
        var first = g.Node("Gather", "first", [g.Node("Shape", "shape", [x]), g.Graph.AddConstant("zero", Tensor.Scalar(0L))], ("axis", 0));
        var target = g.Node("Concat", "target", [g.Node("Unsqueeze", "row", [first, g.Integers("axes", 0)]), g.Integers("rest", -1)], ("axis", 0));
        Assert.Equal("Shape Gather Unsqueeze Concat Reshape", g.Apply(fold, g.Node("Reshape", "y", [x, target])));
    }

    [Fact]
    public void PartOfAShape_IsComputed()
    {
        var patterns = new Patterns { Opset = 17 };
        var x = patterns.Input("x", 2, 3, 4);
        var part = patterns.Node("Shape", "part", [x], ("start", -2), ("end", 3));
        Assert.Equal("ConstantOfShape Add", patterns.Apply(fold, patterns.Node("Add", "y", [x, patterns.Node("ConstantOfShape", "zeros", [patterns.Node("Identity", "i", [part])])]), part)
            .Replace("Shape Identity ", string.Empty, StringComparison.Ordinal));
    }

    [Fact]
    public void RandomNumbers_Stay()
    {
        var noise = g.Node("RandomUniformLike", "noise", [g.Constant("c", 2, 3)], ("seed", 1f));
        g.Graph.AddOutput(g.Node("Add", "y", [g.Input("x", 2, 3), noise]));
        var model = new Model(g.Graph) { Opsets = { [string.Empty] = 13 } };
        Assert.Equal(0, fold.Apply(new RewriteContext(model)));
    }

    [Fact]
    public void WhatWouldMakeTheFileMuchLarger_Stays()
    {
        var wide = g.Node("Expand", "wide", [g.Constant("c", 1, 1), g.Integers("shape", 1000, 1000)]);
        Assert.Equal("Expand Add", g.Apply(fold, g.Node("Add", "y", [g.Input("x", 1, 1), wide])));
    }

    [Fact]
    public void QuantizedConstants_Stay()
    {
        var q = g.Graph.AddConstant("q", Tensor.FromArray(new sbyte[] { 1, -2 }, new Shape(2)));
        var w = g.Node("DequantizeLinear", "w", [q, g.Graph.AddConstant("s", Tensor.Scalar(0.5f))]);
        Assert.Equal("DequantizeLinear Add", g.Apply(fold, g.Node("Add", "y", [g.Input("x", 2), w])));
    }

    [Fact]
    public void AGraphOutput_Stays()
    {
        var y = g.Node("Neg", "y", [g.Constant("c", 3)]);
        Assert.Equal("Neg Add", g.Apply(fold, y, g.Node("Add", "z", [y, g.Input("x", 3)])));
    }

    [Fact]
    public void ANodeThatOnnxRuntimeRefuses_Stays()
    {
        var broken = g.Node("Reshape", "broken", [g.Constant("c", 3), g.Integers("shape", 2, 2)]);
        g.Graph.AddOutput(g.Node("Add", "y", [g.Input("x", 2, 2), broken]));
        Assert.Equal(0, fold.Apply(new RewriteContext(new Model(g.Graph) { Opsets = { [string.Empty] = 13 } })));
    }
}
